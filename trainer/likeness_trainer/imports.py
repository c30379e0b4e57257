"""`python -m likeness_trainer.imports`: loads every package that the trainer uses; the last step of a set-up."""

# ruff: noqa: F401
# pyright: reportUnusedImport=false, reportMissingTypeStubs=false
import c2pa
import cryptography.x509
import cv2
import mediapipe
import numba
import onnx
import onnxruntime
import safetensors
import scipy
import skimage
import torch
