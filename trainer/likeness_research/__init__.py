"""What the product is made with and measured by, and does without; installers leave it out.

`encoder` trains the speech encoder that the product ships (`python -m likeness_research.encoder.pretrain`),
`ablation` measures what each part of the product is worth by leaving it out (`likeness ablate`), and `any_video` how
well hard videos are analysed (`python -m likeness_research.any_video.measure`). It stands on `likeness_trainer`, which
never imports it.
"""

import likeness_trainer  # noqa: F401  # before ONNX Runtime: it is told to keep to itself
