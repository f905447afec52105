"""Measures in PyTorch what repeatable bits cost on this GPU: Inception V3, float32, interleaved, medians of 7."""

import os
import statistics
import time

os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
import torch
import torchvision

torch.backends.cudnn.allow_tf32 = False
model = torchvision.models.inception_v3(weights=None, init_weights=False, aux_logits=False).cuda()
trained = [p for name in ["Mixed_7b", "Mixed_7c", "fc"] for p in getattr(model, name).parameters()]
for parameter in model.parameters():
    parameter.requires_grad_(False)
for parameter in trained:
    parameter.requires_grad_(True)
optimizer = torch.optim.SGD(trained, lr=1e-4, momentum=0.9)
images, labels = torch.randn(32, 3, 299, 299, device="cuda"), torch.randint(0, 1000, (32,), device="cuda")


def step():
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()


def forward():
    with torch.inference_mode():
        model(images)


def repeatable(value):
    torch.use_deterministic_algorithms(value)
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.backends.cudnn.deterministic = value
    torch.backends.cudnn.benchmark = not value


def speed(work):
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(20):
        work()
    torch.cuda.synchronize()
    return 20 * len(images) / (time.perf_counter() - start)


for name, work, training in [("forward", forward, False), ("fine-tuning from Mixed_7b", step, True)]:
    model.train(training)
    speeds = {False: [], True: []}
    for _ in range(8):
        for value in speeds:
            repeatable(value)
            speeds[value].append(speed(work))
    free, fixed = (statistics.median(speeds[value][1:]) for value in (False, True))
    print(f"{name}: {free:.0f} images/s, repeatable {fixed:.0f} ({fixed / free:.2f})", flush=True)
