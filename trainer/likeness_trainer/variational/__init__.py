"""Speech to motion as a distribution: a variational autoencoder with a flow prior, its experts and its post-net.

Avatars draw other mouths than the likely one with it (`variation`); what it would be worth as a branch of its own the
ablation report measures, for a person (docs/speech.md).
"""
