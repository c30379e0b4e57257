"""How well a video is analysed that is not as one would wish: films of the synthetic person, with truth."""
