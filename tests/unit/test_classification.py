"""La sala del cuaderno 05: las redes, los repartos, la calibración y la receta para tus fotos."""

import keras
import numpy as np
import pytest
import recipes
from PIL import Image
from sklearn.metrics import log_loss

from helpers.classification import baselines, networks, recipe, splits
from helpers.data import image_folder
from helpers.nets import calibration

nb05 = recipes.load("datasets/studies/nb05.py")
RNG = np.random.default_rng(0)


def toy(n=120, classes=3, size=(21, 28)):
    """Imágenes fáciles: cada clase, de un color, en clips de cinco."""
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(classes), n // classes)
    colours = rng.integers(40, 215, (classes, 3))
    noise = rng.normal(0, 12, (len(labels), *size, 3))
    images = np.clip(colours[labels][:, None, None] + noise, 0, 255).astype("uint8")
    return images, labels, np.arange(len(labels)) // 5


class TestNetworks:
    def test_the_blog_has_exactly_the_published_parameters(self):
        model = networks.article()
        counts = [layer.count_params() for layer in model.layers if layer.weights]
        assert counts == [896, 157_728, 330] and model.count_params() == 158_954
        assert model.layers[2].output.shape == (None, 11, 14, 32)
        assert networks.article((32, 32, 1), 4).output_shape == (None, 4)

    @pytest.mark.parametrize("start", [0.0, 0.1])
    def test_adagrad_follows_the_formula_for_several_steps(self, start):
        """Contra una versión de NumPy escrita a partir de la fórmula."""
        gradients = RNG.normal(0, 0.05, (20, 4))
        weight = keras.Variable(np.zeros(4, "float32"))
        optimizer = nb05.adagrad(start)
        expected, total = np.zeros(4), np.full(4, start)
        for step, gradient in enumerate(gradients):
            optimizer.apply([keras.ops.convert_to_tensor(gradient.astype("float32"))], [weight])
            total += gradient**2
            expected -= 1e-3 / (1 + 1e-5 * step) * gradient / np.sqrt(total + 1e-7)
        np.testing.assert_allclose(keras.ops.convert_to_numpy(weight), expected, rtol=1e-4)

    def test_adam_rises_and_falls_to_zero(self):
        plan = networks.adam(100)._learning_rate
        rates = np.array([float(plan(step)) for step in range(101)])
        assert rates.argmax() == 10 and rates.max() == pytest.approx(networks.RATE)
        assert (np.diff(rates[:11]) > 0).all() and (np.diff(rates[10:]) < 0).all()
        assert rates[-1] == pytest.approx(0, abs=1e-9)

    def test_augmentation_only_when_training(self):
        model = keras.Sequential(networks.augmentation())
        batch = RNG.random((4, 21, 28, 3)).astype("float32")
        np.testing.assert_array_equal(model(batch, training=False), batch)
        changed = keras.ops.convert_to_numpy(model(batch, training=True))
        assert changed.shape == batch.shape and not np.allclose(changed, batch)
        assert changed.min() >= 0 and changed.max() <= 1

    def test_the_improved_network_by_pieces(self):
        whole, bare = networks.improved((21, 28, 3), 10), networks.improved(
            (21, 28, 3), 10, normalize=False, augment=False
        )  # fmt: skip
        kernels = 27 * 32 + 288 * 64 + 576 * 128 + 1152 * 256 + 256 * 10 + 10
        assert whole.count_params() == kernels + 4 * (32 + 64 + 128 + 256)
        assert bare.count_params() == kernels + 32 + 64 + 128 + 256

    def test_the_tutorial_is_the_one_of_tensorflow(self):
        """122 570 parámetros con CIFAR-10: lo que imprime el tutorial."""
        assert nb05.tutorial((32, 32, 3), 10).count_params() == 122_570

    def test_backbone_is_frozen_and_takes_pixels_from_0_to_1(self):
        model = networks.backbone()
        assert model.output_shape == (None, 1280) and not model.trainable_weights
        body = model.layers[-1]
        pixels = RNG.random((2, 96, 96, 3)).astype("float32")
        np.testing.assert_allclose(
            model(pixels), body(2 * pixels - 1, training=False), rtol=1e-4, atol=1e-4
        )


class TestSplits:
    def test_random_keeps_proportions_and_loses_nothing(self):
        labels = RNG.choice(4, 2000, p=[0.4, 0.3, 0.2, 0.1])
        split = splits.by_group(labels, seed=3)
        parts = [split.train, split.valid, split.test]
        assert sorted(np.concatenate(parts).tolist()) == list(range(2000))
        np.testing.assert_allclose([len(p) for p in parts], [1280, 320, 400], atol=3)
        for part in parts:
            share = np.bincount(labels[part]) / len(part)
            np.testing.assert_allclose(share, np.bincount(labels) / 2000, atol=0.005)

    @pytest.mark.parametrize("seed", range(5))
    def test_a_group_is_never_divided(self, seed):
        sizes = RNG.integers(3, 20, 150)
        groups = np.repeat(RNG.permutation(1000)[:150], sizes)
        labels = np.repeat(RNG.integers(0, 5, 150), sizes)
        split = splits.by_group(labels, groups, seed)
        parts = [split.train, split.valid, split.test]
        assert sorted(np.concatenate(parts).tolist()) == list(range(len(labels)))
        seen = [set(groups[part].tolist()) for part in parts]
        assert not (seen[0] & seen[1] or seen[0] & seen[2] or seen[1] & seen[2])
        assert all(set(labels[part]) == set(labels) for part in parts)
        share = np.array([len(part) for part in parts]) / len(labels)
        np.testing.assert_allclose(share, [0.64, 0.16, 0.2], atol=0.05)

    def test_the_seed_decides(self):
        _, labels, groups = toy(300)
        first, again, other = (splits.by_group(labels, groups, s) for s in (0, 0, 1))
        assert np.array_equal(first.test, again.test) and not np.array_equal(first.test, other.test)

    def test_bad_input(self):
        _, labels, groups = toy()
        with pytest.raises(ValueError, match="deben casar"):
            splits.by_group(labels, groups[:-1])
        with pytest.raises(ValueError, match=r"tiene 1 imagen \(.*cuentan por una"):
            splits.by_group(labels, labels)
        with pytest.raises(ValueError, match="Solo hay una clase"):
            splits.by_group(np.zeros(30, int))
        with pytest.raises(ValueError, match="tiene 2 imágenes"):
            splits.by_group([0] * 20 + [1] * 2)
        with pytest.raises(ValueError, match="La clase perro tiene 2"):
            splits.by_group([0] * 20 + [1] * 2, names=["gato", "perro"])

    @pytest.mark.filterwarnings("error")  # los de scikit-learn, en inglés
    @pytest.mark.parametrize("classes, each", [(2, 5), (2, 6), (30, 5), (3, 9)])
    @pytest.mark.parametrize("mixed", [False, True])
    def test_with_few_images_of_each_class_all_are_in_each_part(self, classes, each, mixed):
        labels = np.repeat(np.arange(classes), each)
        groups = np.tile(np.arange(each), classes) if mixed else None  # cada grupo, de todas
        split = splits.by_group(labels, groups)
        for part in (split.train, split.valid, split.test):
            assert set(labels[part]) == set(labels)

    def test_subset_of_long_clips_can_still_be_split_by_clip(self):
        """Diez clases de diez vídeos largos: sin vídeos enteros, pero con todos y sin fugas."""
        groups = np.repeat(np.arange(100), 60)
        labels = groups // 10
        kept = splits.subset(labels, 1200)
        assert np.bincount(labels[kept]).tolist() == [120] * 10
        assert len(np.unique(groups[kept])) == 100
        split = splits.by_group(labels[kept], groups[kept])
        parts = [set(groups[kept][part]) for part in (split.train, split.valid, split.test)]
        assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])

    @pytest.mark.parametrize("limit", [1, 90, 295, 299])
    def test_subset_keeps_proportions_and_repeats(self, limit):
        labels = np.repeat([0, 1, 2], [200, 90, 10])
        kept = splits.subset(labels, limit, 3)
        assert len(kept) == limit == len(set(kept)) and (np.diff(kept) > 0).all()
        share = np.bincount(labels[kept], minlength=3)
        np.testing.assert_allclose(share, np.array([200, 90, 10]) * limit / 300, atol=1)
        assert np.array_equal(kept, splits.subset(labels, limit, 3))
        assert limit == 1 or not np.array_equal(kept, splits.subset(labels, limit, 4))

    def test_subset_of_few_images_is_everything(self):
        labels = np.arange(300) % 3
        for limit in (None, 300, 5000):
            assert splits.subset(labels, limit).tolist() == list(range(300))


class TestCalibration:
    def test_by_hand(self):
        probabilities = np.array([[0.95, 0.05]] * 4 + [[0.35, 0.65]] * 2)
        measure = calibration.reliability(probabilities, [0, 0, 0, 1, 1, 0])
        assert measure.count.tolist() == [0] * 6 + [2, 0, 0, 4]
        assert measure.error() == pytest.approx((4 * 0.20 + 2 * 0.15) / 6)

    def test_perfect_and_certain(self):
        measure = calibration.reliability(np.eye(3), [0, 1, 2])
        assert measure.error() == 0 and measure.count[-1] == 3

    def test_temperature_undoes_overconfidence(self):
        """Probabilidades honradas, exageradas con los logits por 3: la temperatura es 3."""
        honest = RNG.dirichlet(np.ones(4), 4000)
        labels = np.array([RNG.choice(4, p=row) for row in honest])
        loud = calibration.cool(honest, 1 / 3)
        assert calibration.fit_temperature(loud, labels) == pytest.approx(3, rel=0.1)
        before, after = (calibration.reliability(p, labels).error()
                         for p in (loud, calibration.cool(loud, 3)))  # fmt: skip
        assert after < 0.03 < before

    def test_cooling_keeps_the_order_and_lowers_the_loss(self):
        loud = calibration.cool(RNG.dirichlet(np.ones(5), 500), 0.3)
        labels = RNG.integers(0, 5, 500)
        heat = calibration.fit_temperature(loud, labels)
        cooled = calibration.cool(loud, heat)
        assert (cooled.argmax(1) == loud.argmax(1)).all()
        np.testing.assert_allclose(cooled.sum(1), 1)
        classes = list(range(5))
        assert log_loss(labels, cooled, labels=classes) < log_loss(labels, loud, labels=classes)

    def test_bad_input(self):
        with pytest.raises(ValueError, match="logits"):
            calibration.reliability([[2.0, 3.0]], [0])
        with pytest.raises(ValueError, match="n etiquetas"):
            calibration.reliability([[0.5, 0.5]], [0, 1])
        with pytest.raises(ValueError, match="positiva"):
            calibration.cool([[0.5, 0.5]], 0)


class TestBaselines:
    def test_majority_and_linear(self):
        images, labels, _ = toy()
        assert baselines.majority([1, 1, 0], [1, 0, 1, 1]) == 0.75
        assert baselines.linear(images, labels, images, labels) > 0.95


class TestRecipe:
    @pytest.fixture
    def folder(self, tmp_path):
        """Una carpeta de PNG, 20 de cada clase, con dos fotos idénticas."""
        images, labels, _ = toy(60, size=(30, 40))
        for k, (image, label) in enumerate(zip(images, labels)):
            place = tmp_path / "fotos" / f"clase {'ñaz'[label]}" / f"{k}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(place)
        copy = tmp_path / "fotos" / "clase a" / "otra vez.png"
        copy.write_bytes((copy.parent / "20.png").read_bytes())
        return tmp_path / "fotos"

    def test_from_the_folder_to_another_day(self, folder, tmp_path, monkeypatch):
        monkeypatch.setattr(recipe, "STEPS", 60)
        photos = image_folder.load(folder, size=(16, 20), cache=False, progress=False)
        result = recipe.train(photos, limit=50)
        said = str(result)
        assert "50 imágenes usadas de 61" in said and "modelo lineal" in said
        assert all(len(line) <= 100 for line in said.splitlines())
        assert result.scores["la red"] > result.scores["siempre la más frecuente"] + 0.3
        assert sum(total for _, total in result.by_class.values()) == result.parts[2]
        file = result.save(tmp_path / "modelos" / "mis fotos.keras")
        again = recipe.load(file)
        assert again.labels == ("clase a", "clase z", "clase ñ")
        photo = folder / "clase z" / "45.png"
        assert again.classify(photo) == result.model.classify(photo)
        assert again.classify(photo)[0][0] == "clase z"

    @pytest.mark.usefixtures("uncompiled")
    def test_a_network_that_learnt_in_grey_sees_in_grey(self, folder, tmp_path, monkeypatch):
        monkeypatch.setattr(recipe, "STEPS", 4)
        photos = image_folder.load(folder, (16, 20), colour=False, cache=False, progress=False)
        again = recipe.load(recipe.train(photos).save(tmp_path / "gris.keras"))
        path = photos.paths.index("clase z/45.png")
        seen, same = again.classify([folder / photos.paths[path], photos.images[path]])
        assert seen == same
        features = recipe._from_features(photos.images[:4], photos.labels[:4], 2, None, 0)
        assert features.input_shape == (None, 16, 20, 1) and features.output_shape == (None, 2)

    def test_the_folder_has_to_be_read_before(self, folder):
        with pytest.raises(ValueError, match=r"image_folder\.load\("):
            recipe.train(folder)

    @pytest.mark.usefixtures("uncompiled")
    def test_with_the_features_of_another_network(self, folder, tmp_path, monkeypatch):
        """Con un archivo de pesos de verdad: el que guarda una MobileNetV2 sin entrenar."""
        body = keras.applications.MobileNetV2(
            input_shape=(96, 96, 3), include_top=False, weights=None
        )
        body.save_weights(tmp_path / "mobilenet_v2.weights.h5")
        monkeypatch.setattr(recipe, "HEAD_EPOCHS", 2)
        photos = image_folder.load(folder, size=(24, 32), cache=False, progress=False)
        result = recipe.train(photos, tmp_path / "mobilenet_v2.weights.h5")
        again = recipe.load(result.save(tmp_path / "rasgos.keras"))
        assert again.size == (24, 32)
        found = again(photos.images[:4])
        np.testing.assert_allclose(found, result.model(photos.images[:4]), atol=1e-5)

    def test_identical_photos_stay_on_one_side(self, folder):
        photos = image_folder.load(folder, size=(16, 20), cache=False, progress=False)
        twins = [photos.paths.index(path) for path in photos.repeated[0]]
        for seed in range(5):
            split = splits.by_group(photos.labels, photos.groups, seed)
            assert sum(set(twins) <= set(p) for p in (split.train, split.valid, split.test)) == 1

    def test_few_photos_and_no_better_than_the_baseline_are_said(self):
        model = recipe.classifier.ImageClassifier(networks.improved((8, 8, 3), 2), ["a", "b"])
        scores = {"siempre la más frecuente": 0.5, "modelo lineal": 0.8, "la red": 0.8}
        result = recipe.Result(model, scores, {"a": (1, 5), "b": (3, 5)}, 50, 50, (32, 8, 10))
        assert "No gana" in str(result) and "pocas fotos" in str(result)
        assert "≈ 1 y falla ≈ 4" in str(result) and "≈ 3 y falla ≈ 2" in str(result)
