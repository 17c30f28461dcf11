#!/bin/bash
# run.sh [MODE…]: DeepNet's GPU tests on the stand-in, in the modes named or in all of them; one line each, logs and reports under out/.
# The package ILGPU must be restorable. Where ptxas is on the path, every kernel is assembled as well.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tests=$here/../DeepNet.Ilgpu.Tests
"$here/build.sh" && dotnet build "$tests" -c Release -v q || exit 1
mkdir -p "$here/out"

# suite NAME FILTER: with the variables that are set.
suite() {
    LD_LIBRARY_PATH=$here${CUBLAS:+:$here/cublas} DEEPNET_TEST_DEVICES=cuda:0 STANDIN_REPORT=$here/out/$1.txt \
        dotnet vstest "$tests/bin/Release/net10.0/DeepNet.Ilgpu.Tests.dll" ${2:+--TestCaseFilter:"$2"} > "$here/out/$1.log" 2>&1
    echo "$1: $(tail -1 "$here/out/$1.log"); $(grep -m1 "^errors" "$here/out/$1.txt")"
}

assemble() {
    command -v ptxas > /dev/null || return
    local n=0 bad=0
    for module in "$here"/out/ptx/*.ptx; do
        for arch in sm_80 sm_90; do
            n=$((n + 1))
            said=$(ptxas -arch $arch -v -o /dev/null "$module" 2>&1) && ! grep -q "[1-9][0-9]* bytes spill" <<< "$said" && continue
            bad=$((bad + 1))
            echo "$module, $arch: $said"
        done
    done
    echo "ptxas: $n modules, $bad refused or with spills"
}

for mode in "${@:-base lazy approx races}"; do
    for one in $mode; do
        case $one in
            base) rm -rf "$here/out/ptx"; mkdir "$here/out/ptx"; STANDIN_DUMP=$here/out/ptx suite base ""; assemble ;;
            lazy) CUBLAS=1 STANDIN_LAZY=1 suite lazy "" ;;                       # with cuBLAS, and everything as late as may be
            approx) STANDIN_APPROX=1 STANDIN_FMA=3 suite approx "" ;;            # as inexact as a device and its compiler may be
            races) STANDIN_RACES=1 suite races "FullyQualifiedName~Sampled|FullyQualifiedName~DeviceTests|FullyQualifiedName~Product|FullyQualifiedName~Scan|FullyQualifiedName~Row|FullyQualifiedName~Reduction" ;;
            *) echo "$one is none of base, lazy, approx, races"; exit 2 ;;
        esac
    done
done
