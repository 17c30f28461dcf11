#!/bin/bash
# Measures what several ranks cost and bring on this machine, and prints it as Markdown for docs/scale-out.md; about five minutes on a
# machine of two cores, which has to be quiet. Needs Open MPI with its headers (libopenmpi-dev); the narrow wire needs root and iproute2
# too, and is left out without.
#   bench/Distributed/figures.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../tests/DeepNet.Distributed.Tests/Hosts/hosts.sh"
hosts=0
trap down EXIT
dotnet build -c Release "$here" -v q -nodeReuse:false >"$work/build.log" || { cat "$work/build.log"; exit 1; }
mpicc.openmpi -O2 "$here/allreduce.c" -o "$work/allreduce" || exit 1
app=$here/bin/Release/net10.0/DeepNet.Bench.Distributed.dll
sizes="4 64 1024 16384 262144 4194304 26214400" batch=16
export DEEPNET_THREADS=1 TERM=dumb       # without the sequences that .NET sends to a terminal, which mpirun gives it

# ranks N PROGRAM…: on this machine, killed for good after two minutes.
ranks() {
    local n=$1; shift
    timeout -k 5 60 mpirun.openmpi --oversubscribe --bind-to none -n "$n" "$@" 2>/dev/null
}

# least FILE…: for each first column the line with the least second one.
least() { cat "$@" | sort -g -k1,1 -k2,2 | awk '$1 != last { print; last = $1 }'; }

echo "$(nproc) cores, $(uname -m), $(mpirun.openmpi --version | head -1), $(date +%F)."
echo
echo "| figure | measured |"
echo "|---|---|"
read -r step percent <<<"$(timeout 60 dotnet "$app" overhead $batch 40)"
echo "| a world of one against a trainer without it, steps of $step ms | $percent % more time |"
for turn in 1 2 3; do
    ranks 2 dotnet "$app" step $batch 12 | awk '{ print 1, $0 }' >>"$work/two"
    DEEPNET_THREADS=2 timeout 60 dotnet "$app" step $batch 12 | awk '{ print 1, $0 }' >>"$work/one"
done
read -r _ two _ <<<"$(least "$work/two")"
read -r _ one _ <<<"$(least "$work/one")"
echo "| a step on one rank of two threads | $one ms |"
echo "| the same on two ranks of one thread | $two ms, $(awk "BEGIN { printf \"%.2f\", $one / $two }") times as fast |"
if [ "$(id -u)" -eq 0 ] && command -v tc >/dev/null; then
    up 2
    slow 200mbit
    read -r narrow share hidden <<<"$(launch 2 120 dotnet "$app" step $((8 * batch)) 25 | tail -1)"
    fast
    echo "| a step on two hosts, a wire of 200 Mbit/s, batch $((8 * batch)) | $narrow ms |"
    echo "| share of reductions in it; of these, hidden behind the backward pass | $share %; $hidden % |"
fi

echo
echo "All-reduce of two ranks, in place, microseconds:"
echo
echo "| bytes | C | DeepNet's binding | C's time / its | asked by another thread |"
echo "|---:|---:|---:|---:|---:|"
for turn in 1 2 3; do
    ranks 2 "$work/allreduce" $sizes >>"$work/c"
    ranks 2 dotnet "$app" allreduce $sizes >>"$work/net"
    ranks 2 dotnet "$app" asked $sizes >>"$work/asked"
done
paste -d' ' <(least "$work/c") <(least "$work/net") <(least "$work/asked") \
    | awk '{ printf "| %d | %.2f | %.2f | %.2f | %.2f |\n", $1, 1e6 * $2, 1e6 * $4, $2 / $4, 1e6 * $6 }'

echo
echo "Efficiency in percent of up to 1,024 ranks, of measured steps that are replayed: a batch that is divided / as large a batch a rank."
echo
timeout 60 dotnet "$app" growth $batch 20
