# Hosts that are network namespaces of this machine, for scripts to source: up N, down, slow RATE, fast, launch N SECONDS PROGRAM…
# Needs root, iproute2 and Open MPI.
net=10.55.0 work=$(mktemp -d)
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

up() {
    hosts=$1
    ip link add dnbridge type bridge && ip addr add $net.254/24 dev dnbridge && ip link set dnbridge up
    for i in $(seq "$hosts"); do
        ip netns add dnhost$i
        ip link add dnveth$i type veth peer name eth0 netns dnhost$i
        ip link set dnveth$i master dnbridge up
        ip -n dnhost$i link set lo up
        ip -n dnhost$i addr add $net.$i/24 dev eth0
        ip -n dnhost$i link set eth0 up
    done
}

down() {
    for i in $(seq "$hosts"); do ip netns pids dnhost$i 2>/dev/null | xargs -r kill -9; ip netns del dnhost$i 2>/dev/null; done
    ip link del dnbridge 2>/dev/null
    rm -rf "$work"
}

slow() { for i in $(seq "$hosts"); do ip netns exec dnhost$i tc qdisc add dev eth0 root tbf rate "$1" burst 256kb latency 50ms; done; }

fast() { for i in $(seq "$hosts"); do ip netns exec dnhost$i tc qdisc del dev eth0 root; done; }

# What mpirun calls instead of ssh: a shell in the namespace of the host, under the host's own name.
cat >"$work/rsh" <<'RSH'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
n=${1##*.}; shift
exec ip netns exec dnhost$n unshare --uts /bin/bash -c "hostname dnhost$n; $*"
RSH
chmod +x "$work/rsh"

# launch N SECONDS PROGRAM…: a program on N hosts, killed for good after so many seconds.
launch() {
    local n=$1 limit=$2; shift 2
    timeout -k 5 "$limit" mpirun.openmpi -n "$n" --host "$(seq -s, -f "$net.%g:1" "$n")" --mca plm_rsh_agent "$work/rsh" \
        --mca plm_rsh_no_tree_spawn 1 --mca oob_tcp_if_include $net.0/24 --mca btl_tcp_if_include $net.0/24 \
        --mca pml ob1 --mca btl tcp,self --mca mpi_yield_when_idle 1 --bind-to none "$@" 2>&1
}
