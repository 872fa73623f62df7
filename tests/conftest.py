"""What every test gets: one thread, seeded chance, and no network."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported: its models are built here, none is fetched

import hypothesis
import pytest
import torch

torch.set_num_threads(1)  # sums in one order, so that equal runs are equal to the last bit; and small ones are faster
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, database=None, max_examples=60)
hypothesis.settings.register_profile("search", deadline=None, database=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def seeded():
    """The same random tensors in every run, whichever tests run and in whatever order."""
    torch.manual_seed(0)


@pytest.fixture
def float64():
    """Tensors are made in double precision, so that only a wrong formula can differ by more than 1e-10."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)
