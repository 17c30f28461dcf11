#!/bin/bash
# Runs the sample on several hosts, which are network namespaces of this machine, and does to them what happens to hosts: a narrow wire, a
# process that is killed, a cable that is cut. Needs root, iproute2 and Open MPI; ends with the number of checks that failed.
#   dotnet build -c Release samples/Distributed && sudo tests/DeepNet.Distributed.Tests/Hosts/run.sh [KILLS]
set -u
here=$(cd "$(dirname "$0")" && pwd)
app=$here/../../../samples/Distributed/bin/Release/net10.0/Distributed.dll
kills=${1:-3} hosts=4 net=10.55.0 work=$(mktemp -d) failed=0
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 DEEPNET_THREADS=1 DOTNET_gcServer=0

up() {
    ip link add dnbridge type bridge && ip addr add $net.254/24 dev dnbridge && ip link set dnbridge up
    for i in $(seq $hosts); do
        ip netns add dnhost$i
        ip link add dnveth$i type veth peer name eth0 netns dnhost$i
        ip link set dnveth$i master dnbridge up
        ip -n dnhost$i link set lo up
        ip -n dnhost$i addr add $net.$i/24 dev eth0
        ip -n dnhost$i link set eth0 up
    done
}

down() {
    for i in $(seq $hosts); do ip netns pids dnhost$i 2>/dev/null | xargs -r kill -9; ip netns del dnhost$i 2>/dev/null; done
    ip link del dnbridge 2>/dev/null
    rm -rf "$work"
}

# What mpirun calls instead of ssh: a shell in the namespace of the host, under the host's own name.
cat >"$work/rsh" <<'RSH'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
n=${1##*.}; shift
exec ip netns exec dnhost$n unshare --uts /bin/bash -c "hostname dnhost$n; $*"
RSH
chmod +x "$work/rsh"

# run N SECONDS ARGUMENTS: the sample on N hosts, killed for good after so many seconds.
run() {
    local n=$1 limit=$2; shift 2
    timeout -k 5 "$limit" mpirun.openmpi -n "$n" --host "$(seq -s, -f "$net.%g:1" "$n")" --mca plm_rsh_agent "$work/rsh" \
        --mca plm_rsh_no_tree_spawn 1 --mca oob_tcp_if_include $net.0/24 --mca btl_tcp_if_include $net.0/24 --mca pml ob1 --mca btl tcp,self \
        --mca mpi_yield_when_idle 1 --bind-to none dotnet "$app" "$@" 2>&1
}

check() {
    if [ "$2" = "$3" ]; then echo "ok      $1"; else echo "FAILED  $1: '$2' instead of '$3'"; failed=$((failed + 1)); fi
}

weights() { grep -ao 'weights [0-9a-f]*' | tail -1; }

trap down EXIT
up

expected=$(timeout 120 dotnet "$app" --shards 8 | weights)
echo "one process: $expected"
for n in 2 4; do check "$n hosts have the bits of one process" "$(run $n 120 --shards 8 | weights)" "$expected"; done

for i in $(seq $hosts); do ip netns exec dnhost$i tc qdisc add dev eth0 root tbf rate 200mbit burst 256kb latency 50ms; done
run 2 300 --bench | grep -a ' ms a step'
check "a wire of 200 Mbit/s changes no bit" "$(run 2 300 --shards 8 | weights)" "$expected"
for i in $(seq $hosts); do ip netns exec dnhost$i tc qdisc del dev eth0 root; done

for k in $(seq "$kills"); do
    folder=$work/kill$k
    run 4 120 --shards 8 --out "$folder" >/dev/null &
    sleep $(awk -v seed=$((k + $$)) 'BEGIN { srand(seed); print 2 + 5 * rand() }')
    ip netns pids dnhost$((RANDOM % hosts + 1)) | xargs -r kill -9
    wait $!
    check "killed ($k), and gone on with on two hosts" "$(run 2 120 --shards 8 --out "$folder" --resume | weights)" "$expected"
done

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
