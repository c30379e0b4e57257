"""LLE projection: against a constrained least-squares solver, and the file that the TypeScript engine is compared
with."""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from likeness_trainer.bundle.drive import BLEND, NEIGHBOURS, RIDGE, lle_blend

GOLDEN = Path(__file__).parents[2] / "src" / "main" / "studio" / "engine" / "fixtures" / "lle.json"


def example() -> tuple[np.ndarray, np.ndarray]:
    """A bank [40, 64] on a curved sheet of two dimensions, and rows [6, 64] beside it."""
    rng = np.random.default_rng(11)
    lift = rng.normal(size=(5, 64))

    def sheet(at: np.ndarray) -> np.ndarray:
        return np.concatenate([at, np.sin(at), at[:, :1] * at[:, 1:]], axis=1) @ lift

    bank = sheet(rng.uniform(-1, 1, (40, 2)))
    rows = sheet(rng.uniform(-1, 1, (6, 2))) + 0.3 * rng.normal(size=(6, 64))
    return np.round(rows, 4), np.round(bank, 4)


def test_it_equals_a_constrained_least_squares_solver():
    rows, bank = example()
    for row, blended in zip(rows, lle_blend(rows, bank)):
        near = bank[np.argsort(((bank - row) ** 2).sum(axis=1))[:NEIGHBOURS]]
        ridge = RIDGE * ((near - row) ** 2).sum(axis=1).mean()

        def cost(w: np.ndarray, near: np.ndarray = near, row: np.ndarray = row, ridge: float = ridge) -> float:
            return float((((w @ near) - row) ** 2).sum() + ridge * (w**2).sum())

        sums_to_one = {"type": "eq", "fun": lambda w: w.sum() - 1}
        solved = minimize(
            cost,
            np.full(NEIGHBOURS, 1 / NEIGHBOURS),
            constraints=[sums_to_one],
            options={"ftol": 1e-14, "maxiter": 500},
        )
        np.testing.assert_allclose(blended, (1 - BLEND) * row + BLEND * (solved.x @ near), atol=2e-3)


def test_a_row_of_the_bank_stays_and_a_stray_one_comes_nearer():
    rows, bank = example()
    np.testing.assert_allclose(lle_blend(bank[:3], bank), bank[:3], atol=0.05)
    far = rows + 3
    nearest = [((bank - r) ** 2).sum(axis=1).min() for r in far]
    assert all(((bank - r) ** 2).sum(axis=1).min() < n for r, n in zip(lle_blend(far, bank), nearest))
    assert np.isfinite(lle_blend(rows, np.repeat(bank[:1], 20, axis=0))).all()


def test_a_small_bank_is_enough():
    rows, bank = example()
    np.testing.assert_allclose(lle_blend(rows, bank[:1]), (1 - BLEND) * rows + BLEND * bank[:1], atol=1e-6)


def test_the_engines_golden_file_is_current():
    rows, bank = example()
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    np.testing.assert_allclose(stored["rows"], rows)
    np.testing.assert_allclose(stored["bank"], bank)
    np.testing.assert_allclose(stored["blended"], lle_blend(rows, bank), atol=2e-5)


if __name__ == "__main__":  # writes the golden file again
    rows, bank = example()
    blended = np.round(lle_blend(rows, bank), 5)
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(
        json.dumps({"rows": rows.tolist(), "bank": bank.tolist(), "blended": blended.tolist()}) + "\n", encoding="utf-8"
    )
