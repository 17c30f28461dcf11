#!/bin/sh
# Builds libcuda.so.1, cublas/libcublas.so.12, nccl/libnccl.so.2 and selftest, beside their sources. Needs g++ 12 or later on a processor with AVX2.
set -e
cd "$(dirname "$0")"
mkdir -p obj
flags="-std=c++17 -O2 -Wall -Wextra -fPIC -fvisibility=hidden -pthread -mavx2 -mfma -mf16c -ffp-contract=off -fno-math-errno -fno-trapping-math -fno-strict-aliasing"
for source in src/*.cpp; do
    object=obj/$(basename "$source" .cpp).o
    level=
    [ "$source" = src/operations.cpp ] && level=-O3
    if [ ! -f "$object" ] || [ -n "$(find "$source" src/*.h -newer "$object")" ]; then g++ $flags $level -c "$source" -o "$object"; fi
done
# Replaced at once, so that a program that runs on it is not disturbed.
g++ -shared -pthread -Wl,-soname,libcuda.so.1 obj/*.o -o obj/libcuda.so.1 && mv obj/libcuda.so.1 libcuda.so.1
g++ $flags -shared -Wl,-soname,libcublas.so.12 cublas/cublas.cpp -o obj/libcublas.so.12 && mv obj/libcublas.so.12 cublas/libcublas.so.12
g++ $flags -shared -Wl,-soname,libnccl.so.2 nccl/nccl.cpp -o obj/libnccl.so.2 && mv obj/libnccl.so.2 nccl/libnccl.so.2
g++ -std=c++17 -O1 selftest.cpp ./libcuda.so.1 -Wl,-rpath,'$ORIGIN' -o selftest
