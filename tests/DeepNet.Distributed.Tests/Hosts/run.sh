#!/bin/bash
# Runs the sample on several hosts, which are network namespaces of this machine, and does to them what happens to hosts: a narrow wire, a
# process that is killed, an exception, a cable that is cut. Needs root, iproute2 and Open MPI; ends with the number of checks that failed.
#   dotnet build -c Release samples/Distributed && dotnet build tests/DeepNet.Distributed.Tests
#   sudo tests/DeepNet.Distributed.Tests/Hosts/run.sh [KILLS]
set -u
here=$(cd "$(dirname "$0")" && pwd)
app=$here/../../../samples/Distributed/bin/Release/net10.0/Distributed.dll
kills=${1:-3} failed=0
tests=$(ls -t "$here"/../bin/*/net10.0/DeepNet.Distributed.Tests.dll 2>/dev/null | head -1)
export DEEPNET_THREADS=1

. "$here/hosts.sh"

# run N SECONDS ARGUMENTS…: the sample on N hosts.
run() { launch "$1" "$2" dotnet "$app" "${@:3}"; }

check() {
    if [ "$2" = "$3" ]; then echo "ok      $1"; else echo "FAILED  $1: '$2' instead of '$3'"; failed=$((failed + 1)); fi
}

weights() { grep -ao 'weights [0-9a-f]*' | tail -1; }

trap down EXIT
up 4

expected=$(timeout 120 dotnet "$app" --shards 8 | weights)
echo "one process: $expected"
for n in 2 4; do check "$n hosts have the bits of one process" "$(run $n 120 --shards 8 | weights)" "$expected"; done

slow 200mbit
run 2 300 --bench --model gpt --batch 256 --bucket 64 | grep -a ' ms a step'
check "a wire of 200 Mbit/s changes no bit" "$(run 2 300 --shards 8 | weights)" "$expected"
fast

for k in $(seq "$kills"); do
    folder=$work/kill$k
    run 4 120 --shards 8 --out "$folder" >/dev/null &
    sleep $(awk -v seed=$((k + $$)) 'BEGIN { srand(seed); print 2 + 5 * rand() }')
    ip netns pids dnhost$((RANDOM % 4 + 1)) | xargs -r kill -9
    wait $!
    check "killed ($k), and gone on with on two hosts" "$(run 2 120 --shards 8 --out "$folder" --resume | weights)" "$expected"
done

if [ -n "$tests" ]; then
    launch 3 60 dotnet "$tests" throw >"$work/throw.log"
    told=$(grep -aco 'rank 1 of 3 on dnhost2' "$work/throw.log" | awk '{ print ($1 > 0) }')
    check "an exception on one host ends all and is told" "$told" 1
fi

folder=$work/cut
run 4 120 --shards 8 --out "$folder" --timeout 5 >"$work/cut.log" &
sleep 5
ip link set dnveth3 down
wait $!
check "a cable that is cut ends the run" "$(grep -aco 'has not returned for' "$work/cut.log" | awk '{ print ($1 > 0) }')" 1
ip link set dnveth3 up
check "gone on with after the cut" "$(run 2 120 --shards 8 --out "$folder" --resume | weights)" "$expected"

echo "$failed failed"
exit $failed
