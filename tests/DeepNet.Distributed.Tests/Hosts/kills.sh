#!/bin/bash
# Kills a random process of a run at a random moment, and goes on on another number of processes until the run is done: its weights must be
# those of a run that was left alone. Needs Open MPI; ends with the number of runs that did not come out so.
#   dotnet build -c Release samples/Distributed && tests/DeepNet.Distributed.Tests/Hosts/kills.sh [RUNS] [SEED]
set -u
here=$(cd "$(dirname "$0")" && pwd)
app=$here/../../../samples/Distributed/bin/Release/net10.0/Distributed.dll
runs=${1:-50} work=$(mktemp -d) failed=0 early=0
RANDOM=${2:-1}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 DEEPNET_THREADS=1
trap 'rm -rf "$work"' EXIT

# run N ARGUMENTS: the sample on N processes, killed for good after two minutes.
run() {
    local n=$1; shift
    timeout -k 5 120 mpirun.openmpi --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 -n "$n" \
        dotnet "$app" --shards 4 --epochs 6 "$@" 2>&1
}

weights() { grep -ao 'weights [0-9a-f]*' | tail -1; }

# rank FOLDER R: the process that is rank R of the run with a folder.
rank() {
    for id in $(pgrep -f -- "--out $1"); do
        tr '\0' '\n' <"/proc/$id/environ" 2>/dev/null | grep -qx "OMPI_COMM_WORLD_RANK=$2" && echo "$id"
    done
}

begun=$(date +%s%N)
expected=$(run 4 | weights)
whole=$((($(date +%s%N) - begun) / 1000000))
echo "undisturbed: $expected in $whole ms"
for ((k = 1; k <= runs;)); do
    folder=$work/$k n=$((2 << RANDOM % 2)) after=$((whole * (RANDOM % 70) / 100))
    run $n --out "$folder" >"$work/log" &
    # In four of five runs the moment is counted from the first checkpoint on.
    ((RANDOM % 5 == 0)) || timeout 60 bash -c "until ls $folder/*.safetensors; do sleep 0.02; done" &>/dev/null
    sleep "$((after / 1000)).$(printf %03d $((after % 1000)))"
    victim=$((RANDOM % n))
    id=$(rank "$folder" $victim)
    [ -n "$id" ] && kill -9 $id
    wait $!
    if [ -n "$(weights <"$work/log")" ]; then
        # The machine was faster than before, and the run over: the next ones are killed earlier.
        whole=$((whole * 3 / 4)) early=$((early + 1))
        continue
    fi
    steps=$(ls "$folder" 2>/dev/null | grep -o 'step-*[0-9]*' | tail -1)
    next=$((1 << RANDOM % 3))
    got=$(run $next --out "$folder" --resume | weights)
    if [ "$got" = "$expected" ]; then ok=ok; else ok=FAILED failed=$((failed + 1)); fi
    echo "$ok  $k: rank $victim of $n killed after $after ms (${steps:-before the first checkpoint}), gone on with on $next: $got"
    rm -rf "$folder"
    k=$((k + 1)) whole=$((whole * 21 / 20))
done
echo "$((runs - failed)) of $runs runs came to the bits of the undisturbed one; $early more were over before their kill, and not counted"
exit $failed
