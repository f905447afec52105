#!/bin/bash
# Checks on an NVIDIA GPU that runs have the same bits in every process, also traced, resumed and rerun. Needs an
# installed PyTorch for CUDA; prints "ok" or "FAILED" for each check, and exits with 1 if one failed.
# Usage: tests/gpu/check.sh FOLDER-OF-THE-TOOL
set -u
tool=$1/dotnet-breakhis
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
failed=0
export BREAKHIS_LIBTORCH=${BREAKHIS_LIBTORCH:-$(python3 -c 'import torch; print(torch.__path__[0])')}

say() { printf '%-7s %s\n' "$1" "$2"; [ "$1" != FAILED ] || failed=1; }

check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@" > "$work/log" 2>&1; then say ok "$name"; else say FAILED "$name"; tail -n 15 "$work/log"; fi
}

run() { # HOME SPEC OPTIONS...
    local home=$1 spec=$2
    shift 2
    "$tool" run "$spec" --home "$work/$home" --device "${DEVICE:-cuda}" "$@"
}

same() { python3 "$here/same_bits.py" "$work/$1/ledger.db" "$work/$2/ledger.db"; }

interrupted() { # HOME SPEC: stops the run after an epoch of fine-tuning, and resumes it
    # Not through a function: the signal must reach the tool. In a script, background jobs ignore SIGINT.
    "$tool" run "$2" --home "$work/$1" --device "${DEVICE:-cuda}" > "$work/progress" 2>&1 &
    local pid=$!
    until grep -q '^fine.tune *epoch *1/' "$work/progress" || ! kill -0 $pid 2> /dev/null; do sleep 0.2; done
    kill -TERM $pid
    wait $pid
    grep -q "interrupted; run the same command" "$work/progress" && run "$1" "$2"
}

"$tool" doctor --home "$work/doctor" | sed -n '1,6p'

cd "$here" || exit
check "a run on the GPU" run first bits.yaml
check "a second process" run second bits.yaml
check "has the same bits" same first second
check "a traced run" run traced bits.yaml --trace
check "has the same bits" same first traced
check "an interrupted run" interrupted resumed bits.yaml
check "has the same bits" same first resumed
check "an audit that reruns it" "$tool" audit gpu --rerun --home "$work/first"
for backbone in resnet18_mlnet:stem resnet18:stem resnet50:stem mobilenet_v2:features_0; do
    set -- --set "model.backbone=${backbone%:*}" --set "stages.fine_tune.train_from=${backbone#*:}" --set stages.fine_tune.epochs=1
    check "${backbone%:*}" run "${backbone%:*}-1" bits.yaml "$@"
    check "${backbone%:*}, second process" run "${backbone%:*}-2" bits.yaml "$@"
    check "has the same bits" same "${backbone%:*}-1" "${backbone%:*}-2"
done
rm -rf "$work"
exit $failed
