"""The analysis of a person whose truth is known, and of videos that cannot be analysed."""

import json
import subprocess

import numpy as np
import pytest

from likeness_trainer.format import TRACKER
from likeness_trainer.media import probe, read_frames
from likeness_trainer.media.mediapipe_networks import Graph, solution
from likeness_trainer.morphable.rotations import rotation_vectors
from likeness_trainer.morphable.topology import CONTOUR, INNER_LIP, OUTER_LIP
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import AnalyzeJob, DemoSampleJob
from likeness_trainer.sample.demo_sample import demo_sample
from likeness_trainer.tracking.analyze import analyze
from likeness_trainer.tracking.eyes_and_mouth import inter_ocular
from likeness_trainer.tracking.landmarks import Landmarker
from likeness_trainer.tracking.track_file import Track

SECONDS = 2.4


@pytest.fixture(scope="module")
def sample(tmp_path_factory, ffmpeg, ffprobe):
    out = tmp_path_factory.mktemp("sample")
    tools = {"producer": "Likeness tested", "ffmpeg": ffmpeg, "ffprobe": ffprobe}
    demo_sample(read(DemoSampleJob, tools | {"outDir": str(out), "seconds": SECONDS}), Reporter.silent())
    job = tools | {"source": str(out / "sample.mp4"), "analysisDir": str(out / "analysis")}
    report = analyze(read(AnalyzeJob, job), Reporter.silent())
    return out, job, report, Track.load(out / "analysis" / "track.safetensors"), Track.load(out / "truth.safetensors")


def projected(track: Track) -> np.ndarray:
    return track.camera.project(track.face.posed(track.expression), track.motion.pose)[0]


def test_every_frame_has_a_row_at_its_time(sample):
    _, _, report, track, truth = sample
    assert len(track) == len(truth) == report["frames"] == round(SECONDS * 25)
    np.testing.assert_allclose(track.time, truth.time, atol=1e-3)
    assert report["states"]["good"] >= 0.98 * len(track)
    assert sum(report["states"].values()) == len(track)


def test_an_analysis_says_what_made_it(sample):
    _, _, report, track, _ = sample
    assert (report["producer"], report["tracker"]) == (track.producer, track.tracker) == ("Likeness tested", TRACKER)


def test_the_mesh_lies_on_the_true_face(sample):
    _, _, _, track, truth = sample
    inner = np.setdiff1d(np.arange(468), CONTOUR)
    seen, true = projected(track)[:, inner], projected(truth)[:, inner]
    height = np.ptp(true[..., 1], axis=1).mean()
    # MediaPipe puts its points a little elsewhere than the maker of this face; that offset is the same in all frames.
    assert np.linalg.norm(seen - true, axis=-1).mean() < 0.03 * height
    offset = (seen - true).mean(0)
    assert np.linalg.norm(seen - true - offset, axis=-1).mean() < 0.008 * height


def test_the_networks_say_what_they_say_in_mediapipes_own_wrapping(sample, ffmpeg, ffprobe):
    _, job, *_ = sample
    source = probe(ffprobe, job["source"])
    frames = list(read_frames(ffmpeg, job["source"], source, size=(384, 384), frames=range(3)))
    empty = np.zeros_like(frames[0])
    wrapped = solution("face_mesh").FaceMesh
    following, searching = (wrapped(static_image_mode=still, refine_landmarks=True) for still in (False, True))
    finder = solution("face_detection").FaceDetection(model_selection=1)
    graph = Graph("face_detection/face_detection_full_range_cpu", "detections")
    with Landmarker() as mesh:
        for frame in frames:
            mesh.submit(frame, False)
            first, close = mesh.result()
            np.testing.assert_array_equal(first, points_of(following.process(frame)))
            # Another square of the picture, but the same face.
            apart = np.linalg.norm((close - points_of(searching.process(frame)))[:468, :2], axis=-1)
            assert apart.mean() < 0.01 * np.ptp(close[:468, 0])
            assert graph.look(frame) == finder.process(frame).detections != []
        mesh.submit(empty, False)
        assert np.isnan(mesh.result()[1]).all() and graph.look(empty) == []


def points_of(answer) -> np.ndarray:
    """[478, 3] f32 of MediaPipe's answer, in which there is one face."""
    (found,) = answer.multi_face_landmarks
    return np.array([(at.x, at.y, at.z) for at in found.landmark], np.float32)


def test_turns_of_the_head_are_measured_within_two_degrees(sample):
    _, _, _, track, truth = sample

    def from_first(track: Track) -> np.ndarray:
        return np.degrees(rotation_vectors(track.rotation @ track.rotation[0].T))

    error = from_first(track) - from_first(truth)
    error -= np.median(error, 0)
    assert np.abs(error).mean() < 1.0
    assert np.percentile(np.abs(error), 95) < 2.0


def test_the_mouths_opening_follows_the_truth(sample):
    _, _, _, track, truth = sample
    assert np.corrcoef(track.aperture, truth.aperture)[0, 1] > 0.85
    assert 0.5 < track.aperture.std() / truth.aperture.std() < 1.6


def test_the_lips_shape_follows_the_truth(sample):
    _, _, _, track, truth = sample
    lips = list(INNER_LIP + OUTER_LIP)
    moves = [t.face.posed(t.expression)[:, lips, :2] / inter_ocular(t.neutral) for t in (track, truth)]
    moves = [m - m.mean(0) for m in moves]
    explained = 1 - ((moves[0] - moves[1]) ** 2).sum() / (moves[1] ** 2).sum()
    assert explained > 0.5


def test_mask_and_plate_match_the_truth(sample, ffmpeg, ffprobe):
    import cv2

    out, _, _, track, _ = sample
    pictures = []
    for path in (out / "analysis" / "person.mkv", out / "truth-person.mkv"):
        source = probe(ffprobe, str(path))
        masks = np.stack(list(read_frames(ffmpeg, str(path), source, gray=True)))
        assert len(masks) == len(track)
        pictures.append(masks[::10] > 127)
    overlap = (pictures[0] & pictures[1]).sum() / (pictures[0] | pictures[1]).sum()
    assert overlap > 0.93
    plate, true = cv2.imread(str(out / "analysis" / "plate.png")), cv2.imread(str(out / "plate.png"))
    assert plate.shape == true.shape == (track.height, track.width, 3)
    clear = ~cv2.dilate(pictures[1].any(0).astype(np.uint8), np.ones((15, 15))).astype(bool)
    assert np.abs(plate[clear].astype(float) - true[clear]).mean() < 4


def test_the_report_is_whole(sample):
    out, _, report, _, _ = sample
    assert json.loads((out / "analysis" / "report.json").read_text()) == report
    assert len(report["people"]) == 1 and report["people"][0]["id"] == 0
    assert {check["level"] for check in report["checks"]} <= {"ok", "warning", "problem"}
    by_code = {check["code"]: check for check in report["checks"]}
    assert by_code["good-frames"]["level"] == "ok" and by_code["face-size"]["level"] == "ok"
    assert by_code["duration"]["level"] == "problem" and f"{SECONDS:.1f} s" in by_code["duration"]["message"]
    assert set(report["secondsByStage"]) == {"scan", "fit", "sound", "save"}
    assert sorted(path.name for path in (out / "analysis").iterdir()) == [
        "audio16k.wav",
        "person.mkv",
        "plate.png",
        "report.json",
        "track.safetensors",
    ]


def make(ffmpeg: str, path, *arguments: str) -> str:
    subprocess.run([ffmpeg, "-v", "error", "-y", *arguments, str(path)], check=True)
    return str(path)


def test_two_people_side_by_side_can_be_told_apart(sample, ffmpeg, ffprobe, tmp_path):
    _, job, _, _, _ = sample
    # The second one smaller, on an odd-sized, turned, 30 frames a second picture.
    pair = "[0:v]fps=30,scale=400:400[a];[1:v]fps=30,scale=280:280,pad=281:400[b];[a][b]hstack"
    inputs, coding = ("-i", job["source"], "-i", job["source"]), ("-t", "2", "-pix_fmt", "yuv444p", "-an")
    both = make(ffmpeg, tmp_path / "two.mp4", *inputs, "-filter_complex", pair, *coding)
    tracks = []
    for person in (0, 1):
        folder = tmp_path / f"person{person}"
        of_person = job | {"source": both, "analysisDir": str(folder), "person": person}
        report = analyze(read(AnalyzeJob, of_person), Reporter.silent())
        assert len(report["people"]) == 2
        assert next(check for check in report["checks"] if check["code"] == "people")["level"] == "warning"
        tracks.append(Track.load(folder / "track.safetensors"))
    assert tracks[0].width == 681 and tracks[0].fps == pytest.approx(30)
    middles = [np.median(track.face_box[:, 0] + track.face_box[:, 2] / 2) for track in tracks]
    assert middles[0] == pytest.approx(200, abs=15) and middles[1] == pytest.approx(540, abs=15)
    source = probe(ffprobe, str(tmp_path / "person1" / "person.mkv"))
    mask = next(read_frames(ffmpeg, str(tmp_path / "person1" / "person.mkv"), source, gray=True))
    assert mask[:, : mask.shape[1] // 2].mean() < 8 < mask[:, mask.shape[1] // 2 :].mean()
    with pytest.raises(TrainerError) as missing:
        third = job | {"source": both, "analysisDir": str(tmp_path / "person2"), "person": 2}
        analyze(read(AnalyzeJob, third), Reporter.silent())
    assert missing.value.code == "not-found"


def test_covered_faces_missing_faces_and_cuts_are_marked(sample, ffmpeg, tmp_path):
    _, job, _, _, _ = sample
    covered = "drawbox=x=170:y=220:w=130:h=120:color=0x404040:t=fill:enable='between(n,10,18)'"
    gap_between = (
        f"[0:v]{covered},split[a][b];[a]trim=0:1.2,setpts=PTS-STARTPTS[a1];"
        "[b]trim=1.2:2.4,setpts=PTS-STARTPTS,hflip,crop=400:400,scale=512:512[b1];[a1][1:v][b1]concat=n=3"
    )
    inputs = ("-i", job["source"], "-f", "lavfi", "-i", "color=white:s=512x512:r=25:d=0.6")
    gap = make(ffmpeg, tmp_path / "gap.mp4", *inputs, "-filter_complex", gap_between, "-an")
    analyze(read(AnalyzeJob, job | {"source": gap, "analysisDir": str(tmp_path / "gap")}), Reporter.silent())
    track = Track.load(tmp_path / "gap" / "track.safetensors")
    first, gap_, second = track.state[:30], track.state[30:45], track.state[45:]
    assert (first[10:19] != 0).all() and (first[10:19] == 1).any()
    assert (np.delete(first, slice(9, 21)) == 0).all()
    assert (gap_[2:] == 2).all()
    assert second[0] == 3 or gap_[0] == 3  # a cut's first frame
    assert (second[4:] == 0).mean() > 0.9
    assert np.isfinite(track.landmarks).all()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (("-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=2", "-pix_fmt", "yuv420p"), "no-face"),
        (("-f", "lavfi", "-i", "color=gray:s=321x243:r=30:d=1", "-pix_fmt", "yuv444p"), "too-short"),
    ],
)
def test_videos_without_a_use_are_refused_with_a_reason(source, code, ffmpeg, ffprobe, tmp_path):
    path = make(ffmpeg, tmp_path / "made.mp4", *source)
    job = AnalyzeJob(producer="", ffmpeg=ffmpeg, ffprobe=ffprobe, source=path, analysis_dir=tmp_path / "a")
    with pytest.raises(TrainerError) as refused:
        analyze(job, Reporter.silent())
    assert refused.value.code == code and refused.value.hint
    assert list((tmp_path / "a").iterdir()) == []  # nothing half done stays


def test_a_cancelled_analysis_leaves_the_earlier_one(sample):
    out, job, _, _, _ = sample
    before = {path.name: path.stat().st_mtime_ns for path in (out / "analysis").iterdir()}
    reporter = Reporter.silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        analyze(read(AnalyzeJob, job), reporter)
    assert {path.name: path.stat().st_mtime_ns for path in (out / "analysis").iterdir()} == before
