"""Speech to motion as a distribution: a variational autoencoder with a flow prior, its experts and its post-net.

An option, off by default: on the clips measured so far it follows the mouth less well than ridge and fine-tuning
(docs/speech.md). The ablation report measures it.
"""
