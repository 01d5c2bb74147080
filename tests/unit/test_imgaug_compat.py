"""imgaug con NumPy 2: se importa sin cambiar NumPy y lo que usa el cuaderno 05 hace lo que dice."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

from helpers import paths
from helpers.data.imgaug_compat import iaa, seeded

IMAGE = np.random.default_rng(3).integers(0, 256, (48, 64, 3), dtype=np.uint8)


def chain():
    """Los aumentadores de la página."""
    shift = {"x": (-0.1, 0.1), "y": (-0.1, 0.1)}
    parts = [iaa.Fliplr(0.5), iaa.Affine(translate_percent=shift, mode="reflect")]
    return iaa.Sequential([*parts, iaa.Add((-25, 25)), iaa.LinearContrast((0.8, 1.2))])


def run(seed, sow=seeded):
    augment = sow(chain(), seed)
    return np.stack([augment(image=IMAGE) for _ in range(8)])


def test_the_chain_of_the_page_changes_copies_without_warnings():
    original = IMAGE.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outputs = run(1)
    assert outputs.shape == (8, *IMAGE.shape) and outputs.dtype == np.uint8
    assert (IMAGE == original).all(), "ha cambiado la imagen de entrada"
    assert len({out.tobytes() for out in outputs}) == 8


def test_seeded_reaches_every_part_and_the_seed_of_a_sequence_does_not():
    assert (run(5) == run(5)).all() and (run(5) != run(6)).any()
    own = [iaa.Sequential([iaa.Add((-100, 100))], seed=1)(image=IMAGE) for _ in range(6)]
    assert any((out != own[0]).any() for out in own)


def test_each_augmenter_against_numpy():
    assert (iaa.Fliplr(1.0)(image=IMAGE) == IMAGE[:, ::-1]).all()
    moved = iaa.Affine(translate_px={"x": 5, "y": -3}, mode="reflect")(image=IMAGE)
    assert (moved[:-3, 5:] == IMAGE[3:, :-5]).all()
    for value in (-25, 10, 100):
        expected = np.clip(IMAGE.astype(int) + value, 0, 255)
        assert (iaa.Add(value)(image=IMAGE) == expected).all()
    for alpha in (0.5, 1.0, 2.0):
        expected = np.clip(127 + alpha * (IMAGE.astype(float) - 127), 0, 255)
        assert np.abs(iaa.LinearContrast(alpha)(image=IMAGE) - expected).max() <= 2


LEFT_ALONE = """
import numpy as np; before = set(dir(np))
from helpers.data.imgaug_compat import iaa
import numpy.lib  # lo que imgaug importa de NumPy no cuenta como parche
assert not {'sctypes', 'bool8'} & (set(dir(np)) - before), 'NumPy queda cambiado'
import imgaug
assert np.float32 in imgaug.imgaug.NP_FLOAT_TYPES and np.int64 in imgaug.imgaug.NP_INT_TYPES
"""
MISSING = "import sys; sys.modules['imgaug'] = None\nimport helpers.data.imgaug_compat"


@pytest.mark.parametrize("code, fails, words", [
    (LEFT_ALONE, False, ()),
    ("import imgaug", True, ("sctypes",)),  # si un día no falla, la importación prestada sobra
    (MISSING, True, ("pip install --no-deps imgaug==0.4.0", "python -m helpers doctor")),
])  # fmt: skip
def test_importing_it(code, fails, words):
    command = [sys.executable, "-W", "error" if not fails else "default", "-c", code]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True)
    assert bool(done.returncode) is fails, done.stderr
    assert all(word in done.stderr for word in words)
