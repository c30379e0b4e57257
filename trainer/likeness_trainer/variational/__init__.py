"""Speech to motion as a distribution: a variational autoencoder with a flow prior, its experts and its post-net.

No avatar is made with it yet: the ablation report measures, for a person, what it would be worth (docs/speech.md).
"""
