// The part of libcublas.so.12 that DeepNet binds, computed plainly on the host: C = α·op(A)·op(B) + β·C, column by column. It refuses what the
// library's documentation says it refuses, and works behind what is queued on its stream, as the library does.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <memory>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default"))) int

namespace {

enum Status { success = 0, notInitialised = 1, invalidValue = 7, executionFailed = 13, notSupported = 15 };
enum Type { f32 = 0, f64 = 1, f16 = 2, bf16 = 14 };                                        // cudaDataType
enum Compute { compute16 = 64, compute32 = 68, pedantic32 = 69, compute64 = 70, pedantic64 = 71, fast16 = 74, fastBrain = 75, fastTf32 = 77 };

// What the driver's stand-in offers beside the driver's own functions.
struct Driver {
    int (*submit)(void*, int (*)(void*), void*);
    int (*isDevice)(uint64_t, size_t);
    void (*error)(const char*);
    void (*product)(const char*);

    static const Driver* get() {
        static const Driver* driver = [] {
            void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
            auto* d = new Driver;
            auto find = [&](auto& function, const char* name) { function = reinterpret_cast<std::decay_t<decltype(function)>>(library ? dlsym(library, name) : nullptr); };
            find(d->submit, "standinSubmit");
            find(d->isDevice, "standinIsDevice");
            find(d->error, "standinError");
            find(d->product, "standinProduct");
            return d->submit ? d : nullptr;
        }();
        return driver;
    }
};

struct Handle {
    void* stream = nullptr;
};

struct Product {
    int transposesA, transposesB, m, n, k, typeA, lda, typeB, ldb, typeC, ldc, count, compute;
    uint64_t a, b, c;
    long long strideA, strideB, strideC;
    double alpha, beta;
    std::string text;
};

int sizeOf(int type) { return type == f64 ? 8 : type == f32 ? 4 : type == f16 || type == bf16 ? 2 : 0; }

float fromBits(uint32_t u) {
    float f;
    memcpy(&f, &u, 4);
    return f;
}

uint32_t toBits(float f) {
    uint32_t u;
    memcpy(&u, &f, 4);
    return u;
}

double read(uint64_t address, int type) {
    if (type == f64) { double x; memcpy(&x, reinterpret_cast<void*>(address), 8); return x; }
    if (type == f32) { float x; memcpy(&x, reinterpret_cast<void*>(address), 4); return x; }
    uint16_t h;
    memcpy(&h, reinterpret_cast<void*>(address), 2);
    if (type == bf16) return fromBits(uint32_t(h) << 16);
    _Float16 x;
    memcpy(&x, &h, 2);
    return double(x);
}

float toBrain(float x) {
    uint32_t u = toBits(x);
    return x != x ? x : fromBits((u + 0x7fff + (u >> 16 & 1)) & 0xffff0000u);
}

float toTf32(float x) { return x != x || std::isinf(x) ? x : fromBits((toBits(x) + 0x1000) & 0xffffe000u); }   // ten digits, halves away from zero

void write(uint64_t address, int type, double x) {
    if (type == f64) { memcpy(reinterpret_cast<void*>(address), &x, 8); return; }
    float f = float(x);
    if (type == f32) { memcpy(reinterpret_cast<void*>(address), &f, 4); return; }
    uint16_t h;
    if (type == bf16) h = f != f ? 0x7fff : uint16_t(toBits(toBrain(f)) >> 16);
    else { _Float16 y = _Float16(f); memcpy(&h, &y, 2); }
    memcpy(reinterpret_cast<void*>(address), &h, 2);
}

// Columns of a matrix reach this far from its first element.
size_t reach(int rows, int columns, int ld, long long stride, int count, int type) {
    if (rows == 0 || columns == 0) return 0;
    return (size_t(stride) * size_t(count - 1) + size_t(ld) * size_t(columns - 1) + size_t(rows)) * size_t(sizeOf(type));
}

bool isThere(const Product& p) {
    auto* driver = Driver::get();
    bool ok = driver->isDevice(p.c, reach(p.m, p.n, p.ldc, p.strideC, p.count, p.typeC));
    if (p.k > 0) ok = ok && driver->isDevice(p.a, reach(p.transposesA ? p.k : p.m, p.transposesA ? p.m : p.k, p.lda, p.strideA, p.count, p.typeA))
        && driver->isDevice(p.b, reach(p.transposesB ? p.n : p.k, p.transposesB ? p.k : p.n, p.ldb, p.strideB, p.count, p.typeB));
    if (!ok) driver->error(("cublasGemmStridedBatchedEx: operands leave their memory: " + p.text).c_str());
    return ok;
}

// One factor, dense and by rows of the sum's index, in the type that is multiplied.
template <class T> void take(std::vector<T>& to, const Product& p, uint64_t from, int type, int ld, bool isTransposed, int outer, int inner) {
    to.resize(size_t(outer) * size_t(inner));
    for (int o = 0; o < outer; o++)
        for (int i = 0; i < inner; i++) {
            size_t at = isTransposed ? size_t(i) + size_t(ld) * size_t(o) : size_t(o) + size_t(ld) * size_t(i);
            auto x = T(read(from + at * size_t(sizeOf(type)), type));
            if constexpr (sizeof(T) == 4) {
                if (p.compute == fastBrain) x = toBrain(x);
                if (p.compute == fastTf32) x = toTf32(x);
            }
            to[size_t(o) * size_t(inner) + size_t(i)] = x;
        }
}

template <class T> void multiply(const Product& p) {
    std::vector<T> a, b;
    for (int batch = 0; batch < p.count; batch++) {
        uint64_t c = p.c + uint64_t(p.strideC * batch * sizeOf(p.typeC));
        take(a, p, p.a + uint64_t(p.strideA * batch * sizeOf(p.typeA)), p.typeA, p.lda, p.transposesA, p.m, p.k);
        take(b, p, p.b + uint64_t(p.strideB * batch * sizeOf(p.typeB)), p.typeB, p.ldb, !p.transposesB, p.n, p.k);
        for (int j = 0; j < p.n; j++)
            for (int i = 0; i < p.m; i++) {
                const T *x = a.data() + size_t(i) * size_t(p.k), *y = b.data() + size_t(j) * size_t(p.k);
                T sums[8] = {};
                for (int l = 0; l < p.k; l++) sums[l & 7] = std::fma(x[l], y[l], sums[l & 7]);
                T sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
                uint64_t at = c + (size_t(i) + size_t(p.ldc) * size_t(j)) * size_t(sizeOf(p.typeC));
                T result = T(p.alpha) * sum;
                if (p.beta != 0) result += T(p.beta) * T(read(at, p.typeC));              // with β = 0 what is in C does not count
                write(at, p.typeC, result);
            }
    }
}

int run(void* argument) {
    std::unique_ptr<Product> p(static_cast<Product*>(argument));
    if (!isThere(*p)) return 700;
    if (p->compute == compute64 || p->compute == pedantic64) multiply<double>(*p);
    else multiply<float>(*p);
    return 0;
}

int refuse(int status, const Product& p, const char* why) {
    if (auto* driver = Driver::get()) driver->error((std::string("cublasGemmStridedBatchedEx: ") + why + ": " + p.text).c_str());
    return status;
}

bool areSupported(const Product& p) {
    if (p.typeA != p.typeB) return false;
    switch (p.compute) {
    case compute32: case pedantic32:
        return (p.typeA == f32 && p.typeC == f32) || (p.typeA == f16 && (p.typeC == f16 || p.typeC == f32)) || (p.typeA == bf16 && (p.typeC == bf16 || p.typeC == f32));
    case fast16: case fastBrain: case fastTf32: return p.typeA == f32 && p.typeC == f32;
    case compute64: case pedantic64: return p.typeA == f64 && p.typeC == f64;
    default: return false;
    }
}

}

API cublasCreate_v2(void** handle) {
    if (!Driver::get()) return notInitialised;
    *handle = new Handle;
    return success;
}

API cublasDestroy_v2(void* handle) {
    delete static_cast<Handle*>(handle);
    return success;
}

API cublasSetStream_v2(void* handle, void* stream) {
    static_cast<Handle*>(handle)->stream = stream;
    return success;
}

API cublasGetVersion_v2(void*, int* version) {
    *version = 120401;
    return success;
}

API cublasGemmStridedBatchedEx(void* handle, int opA, int opB, int m, int n, int k, const void* alpha, const void* a, int typeA, int lda, long long strideA, const void* b, int typeB, int ldb,
    long long strideB, const void* beta, void* c, int typeC, int ldc, long long strideC, int count, int compute, int algorithm) {
    if (!handle) return notInitialised;
    bool isDouble = compute == compute64 || compute == pedantic64;
    auto p = std::make_unique<Product>(Product{opA != 0, opB != 0, m, n, k, typeA, lda, typeB, ldb, typeC, ldc, count, compute, uint64_t(a), uint64_t(b), uint64_t(c), strideA, strideB, strideC, 0, 0, {}});
    char text[300];
    snprintf(text, sizeof text, "op %d %d, m %d n %d k %d, types %d %d %d, ld %d %d %d, strides %lld %lld %lld, count %d, compute %d", opA, opB, m, n, k, typeA, typeB, typeC, lda, ldb, ldc, strideA, strideB,
        strideC, count, compute);
    p->text = text;
    if (opA < 0 || opA > 2 || opB < 0 || opB > 2) return refuse(invalidValue, *p, "an unknown operation");
    if (m < 0 || n < 0 || k < 0 || count < 0) return refuse(invalidValue, *p, "a negative size");
    if (lda < std::max(1, opA ? k : m)) return refuse(invalidValue, *p, "lda too small");
    if (ldb < std::max(1, opB ? n : k)) return refuse(invalidValue, *p, "ldb too small");
    if (ldc < std::max(1, m)) return refuse(invalidValue, *p, "ldc too small");
    if (!alpha || !beta) return refuse(invalidValue, *p, "no factor");
    if (!areSupported(*p)) return refuse(notSupported, *p, "types that don't go together");
    if (algorithm < -1 || algorithm > 115) return refuse(invalidValue, *p, "an unknown algorithm");
    if (p->a % unsigned(sizeOf(typeA)) || p->b % unsigned(sizeOf(typeB)) || p->c % unsigned(sizeOf(typeC))) return refuse(invalidValue, *p, "an address between elements");
    if (count > 1 && strideC < (long long)(ldc) * (n - 1) + m) return refuse(invalidValue, *p, "results that lie in one another");
    if (m == 0 || n == 0 || count == 0) return success;
    p->alpha = isDouble ? *static_cast<const double*>(alpha) : *static_cast<const float*>(alpha);
    p->beta = isDouble ? *static_cast<const double*>(beta) : *static_cast<const float*>(beta);
    snprintf(text, sizeof text, "types %d to %d, compute %d, op %d %d%s", typeA, typeC, compute, opA, opB, count > 1 ? ", batched" : "");
    Driver::get()->product(text);
    return Driver::get()->submit(static_cast<Handle*>(handle)->stream, run, p.release()) == 0 ? success : executionFailed;
}

// One product: a batch of one, with the same checks.
API cublasGemmEx(void* handle, int opA, int opB, int m, int n, int k, const void* alpha, const void* a, int typeA, int lda, const void* b, int typeB, int ldb, const void* beta, void* c, int typeC,
    int ldc, int compute, int algorithm) {
    return cublasGemmStridedBatchedEx(handle, opA, opB, m, n, k, alpha, a, typeA, lda, 0, b, typeB, ldb, 0, beta, c, typeC, ldc, 0, 1, compute, algorithm);
}
