// Shows that the stand-in finds what it says it finds: small kernels, each with one mistake, and arithmetic whose results are known.
// Run it as selftest, and again with STANDIN_RACES=1 and with STANDIN_LAZY=1.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
int cuInit(unsigned); int cuCtxCreate_v2(void**, unsigned, int); int cuMemAlloc_v2(uint64_t*, size_t); int cuMemFree_v2(uint64_t); int cuModuleLoadDataEx(void**, const char*, unsigned, const int*, void**);
int cuModuleGetFunction(void**, void*, const char*); int cuStreamSynchronize(void*); int cuMemcpyDtoH_v2(void*, uint64_t, size_t); int cuMemcpyHtoD_v2(uint64_t, const void*, size_t);
int cuMemcpyAsync(uint64_t, uint64_t, size_t, void*); int cuMemAllocHost_v2(void**, size_t);
int cuLaunchKernel(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);
}

static int failures = 0;

static void expect(bool ok, const std::string& what) {
    printf("%s  %s\n", ok ? "ok  " : "FAIL", what.c_str());
    failures += !ok;
}

static int load(const std::string& body, void** function) {
    std::string text = ".version 8.4\n.target sm_80\n.address_size 64\n.visible .entry K(.param .b64 p)\n{\n.reg .pred %p<9>;\n.reg .b16 %h<9>;\n.reg .b32 %r<20>;\n.reg .b64 %rd<20>;\n.reg .f32 %f<20>;\n.reg .f64 %fd<20>;\n"
        ".shared .align 16 .b8 s[1024];\nld.param.b64 %rd1, [p];\nmov.b32 %r1, %tid.x;\nmul.wide.u32 %rd2, %r1, 4;\nadd.s64 %rd3, %rd1, %rd2;\nmov.b64 %rd4, s;\nadd.s64 %rd5, %rd4, %rd2;\n" + body + "\nret;\n}\n";
    void* module;
    if (int e = cuModuleLoadDataEx(&module, text.c_str(), 0, nullptr, nullptr)) return e;
    return cuModuleGetFunction(function, module, "K");
}

static int run(const std::string& body, uint64_t memory, unsigned threads = 64, unsigned groups = 1) {
    void* function;
    if (int e = load(body, &function)) return e;
    size_t size = 8;
    void* extra[] = {(void*)1, &memory, (void*)2, &size, nullptr};
    if (int e = cuLaunchKernel(function, groups, 1, 1, threads, 1, 1, 0, nullptr, nullptr, extra)) return e;
    return cuStreamSynchronize(nullptr);
}

// One value of 32 bits from one thread.
static uint32_t value(const std::string& body, const char* type = "b32", const char* reg = "%r2") {
    uint64_t memory;
    cuMemAlloc_v2(&memory, 8);
    int status = run(body + "\nst.global." + type + " [%rd1], " + reg + ";", memory, 1);
    if (status) { expect(false, "status " + std::to_string(status) + " of " + body); return 0xdeadbeef; }
    uint32_t x;
    cuMemcpyDtoH_v2(&x, memory, 4);
    cuMemFree_v2(memory);
    return x;
}

static void is(const std::string& body, uint32_t wanted, const char* type = "b32", const char* reg = "%r2") {
    uint32_t got = value(body, type, reg);
    char text[64];
    snprintf(text, sizeof text, " gives %08x, wanted %08x", got, wanted);
    expect(got == wanted, body + text);
}

static std::string hex(float f) {
    uint32_t u;
    memcpy(&u, &f, 4);
    char text[16];
    snprintf(text, sizeof text, "0f%08X", u);
    return text;
}

static std::string hex64(double f) {
    uint64_t u;
    memcpy(&u, &f, 8);
    char text[24];
    snprintf(text, sizeof text, "0d%016llX", (unsigned long long)u);
    return text;
}

int main() {
    setvbuf(stdout, nullptr, _IOLBF, 0);
    bool races = getenv("STANDIN_RACES") != nullptr, lazy = getenv("STANDIN_LAZY") != nullptr;
    void* context;
    cuInit(0);
    cuCtxCreate_v2(&context, 0, 0);
    uint64_t memory, gone;
    cuMemAlloc_v2(&memory, 256);
    cuMemAlloc_v2(&gone, 256);
    cuMemFree_v2(gone);

    if (races) {
        expect(run("st.shared.b32 [%rd5], %r1;\nbar.sync 0;\nxor.b32 %r2, %r1, 1;\nmul.wide.u32 %rd6, %r2, 4;\nadd.s64 %rd7, %rd4, %rd6;\nld.shared.b32 %r3, [%rd7];\nst.global.b32 [%rd3], %r3;", memory) == 0, "an exchange with a barrier");
        fprintf(stderr, "-- expected: read after write, shared, without a barrier\n");
        run("st.shared.b32 [%rd5], %r1;\nmov.b32 %r2, 63;\nsub.s32 %r2, %r2, %r1;\nmul.wide.u32 %rd6, %r2, 4;\nadd.s64 %rd7, %rd4, %rd6;\nst.shared.b32 [%rd7], %r1;", memory);
        fprintf(stderr, "-- expected: write after read, shared\n");
        run("st.shared.b32 [%rd5], %r1;\nbar.sync 0;\nxor.b32 %r2, %r1, 1;\nmul.wide.u32 %rd6, %r2, 4;\nadd.s64 %rd7, %rd4, %rd6;\nld.shared.b32 %r3, [%rd7];\nadd.s32 %r3, %r3, 5;\nst.shared.b32 [%rd5], %r3;", memory);
        fprintf(stderr, "-- expected: write after write, global, two groups\n");
        run("mov.b32 %r2, %ctaid.x;\nst.global.b32 [%rd3], %r2;", memory, 64, 2);
        fprintf(stderr, "-- nothing expected from here on: atomics\n");
        run("red.global.add.u32 [%rd1], 1;", memory, 64, 2);
        return failures;
    }
    if (lazy) {
        int* host;
        cuMemAllocHost_v2((void**)&host, 64);
        host[0] = 1;
        cuMemcpyAsync(memory, uint64_t(host), 4, nullptr);
        host[0] = 2;                                                    // too early
        int back;
        cuMemcpyDtoH_v2(&back, memory, 4);
        expect(back == 2, "a page-locked buffer that is used again too early shows");
        int pageable = 3;
        cuMemcpyAsync(memory, uint64_t(&pageable), 4, nullptr);
        pageable = 4;
        cuMemcpyDtoH_v2(&back, memory, 4);
        expect(back == 3, "a pageable one is taken over at once");
        return failures;
    }

    // Mistakes
    expect(run("st.global.b32 [%rd3], %r1;", memory) == 0, "64 threads write 256 bytes");
    expect(run("st.global.b32 [%rd3+4], %r1;", memory) == 700, "one past the end");
    expect(run("st.b32 [%rd3+4], %r1;", memory) == 700, "one past the end, generic");
    expect(run("ld.global.b32 %r2, [%rd3+-4];", memory) == 700, "one before the start");
    expect(run("ld.global.b32 %r2, [%rd3];", gone) == 700, "after the free");
    expect(run("ld.global.v2.b32 {%r2, %r3}, [%rd1+4];", memory) == 716, "a vector of 8 bytes at 4");
    expect(run("ld.global.v4.f32 {%f2, %f3, %f4, %f5}, [%rd1+8];", memory) == 716, "a vector of 16 bytes at 8");
    expect(run("ld.global.v4.f32 {%f2, %f3, %f4, %f5}, [%rd1+16];", memory) == 0, "a vector of 16 bytes at 16");
    expect(run("ld.shared.b32 %r2, [%rd5];", memory) == 719, "shared memory that nobody wrote");
    expect(run("st.shared.b32 [%rd5+1024], %r1;", memory) == 700, "outside shared memory");
    expect(run("setp.lt.u32 %p1, %r1, 32;\n@%p1 bra A;\nbar.sync 0;\nA:\n", memory) == 719, "half of the group leaves, the other waits");
    expect(run("setp.lt.u32 %p1, %r1, 32;\n@%p1 bra A;\nbar.sync 0;\nbra B;\nA:\nbar.sync 0;\nB:\n", memory) == 719, "two barriers");
    expect(run("setp.lt.u32 %p1, %r1, 7;\n@%p1 bra A;\nadd.s32 %r1, %r1, 1;\nA:\nbar.sync 0;", memory) == 0, "apart, together, a barrier");
    expect(run("bar.sync 0;", memory, 1025) == 1, "1025 threads");
    expect(run("wgmma.fence.sync.aligned;", memory) == 218, "an unknown instruction");
    expect(run("trap;", memory) == 715, "a trap");
    expect(run("st.global.b32 [%rd3], %r1;", memory) == 0, "and it goes on");

    // Lanes
    expect(run("shfl.sync.down.b32 %r2, %r1, 1, 31, 0xffffffff;\nst.global.b32 [%rd3], %r2;", memory) == 0, "a shuffle");
    uint32_t all[64];
    cuMemcpyDtoH_v2(all, memory, 256);
    expect(all[0] == 1 && all[30] == 31 && all[31] == 31 && all[32] == 33, "brings the next lane's value");
    run("shfl.sync.bfly.b32 %r2|%p1, %r1, 3, 31, 0xffffffff;\nvote.sync.ballot.b32 %r3, %p1, 0xffffffff;\nadd.s32 %r2, %r2, %r3;\nst.global.b32 [%rd3], %r2;", memory);
    cuMemcpyDtoH_v2(all, memory, 256);
    expect(all[0] == 2 && all[5] == 5, "a butterfly and a ballot");
    run("mov.b32 %r2, 0;\nst.global.b32 [%rd1], %r2;\nbar.sync 0;\natom.global.add.u32 %r3, [%rd1], %r1;", memory);
    cuMemcpyDtoH_v2(all, memory, 4);
    expect(all[0] == 63 * 64 / 2, "atomic sums");
    // Lanes that leave a loop at different turns
    run("mov.b32 %r2, 0;\nmov.b32 %r3, 0;\nL:\nsetp.gt.u32 %p1, %r3, %r1;\n@%p1 bra E;\nadd.s32 %r2, %r2, %r3;\nadd.s32 %r3, %r3, 1;\nbra L;\nE:\nst.global.b32 [%rd3], %r2;", memory);
    cuMemcpyDtoH_v2(all, memory, 256);
    bool ok = true;
    for (uint32_t t = 0; t < 64; t++) ok &= all[t] == t * (t + 1) / 2;
    expect(ok, "loops of different length");

    // Arithmetic
    is("cvt.rzi.s32.f32 %r2, 0f7FC00000;", 0);
    is("mov.f64 %fd1, 0d7FF8000000000000;\ncvt.rzi.s32.f64 %r2, %fd1;", 0x80000000);
    is("cvt.rzi.s32.f32 %r2, " + hex(3e9f) + ";", 0x7fffffff);
    is("cvt.rzi.u32.f32 %r2, " + hex(-5.0f) + ";", 0);
    is("cvt.rni.s32.f32 %r2, " + hex(2.5f) + ";", 2);
    is("cvt.rmi.s32.f32 %r2, " + hex(-2.5f) + ";", uint32_t(-3));
    is("mov.b32 %r3, 300;\ncvt.u8.u32 %r2, %r3;", 44);
    is("mov.b32 %r3, 200;\ncvt.s8.s32 %r2, %r3;", uint32_t(-56));
    is("mov.b32 %r3, 0x1ff80;\ncvt.u16.u32 %h1, %r3;\ncvt.s32.s16 %r2, %h1;", uint32_t(-128));
    is("mov.b32 %r3, 5;\nshl.b32 %r2, %r3, 40;", 0);
    is("mov.b32 %r3, -5;\nshr.s32 %r2, %r3, 40;", 0xffffffff);
    is("mov.b32 %r3, -7;\ndiv.s32 %r2, %r3, 2;", uint32_t(-3));
    is("mov.b32 %r3, -7;\nrem.s32 %r2, %r3, 4;", uint32_t(-3));
    is("mov.b32 %r3, -1;\nmul.hi.u32 %r2, %r3, %r3;", 0xfffffffe);
    is("mov.b32 %r3, -1;\nmul.wide.s32 %rd6, %r3, 7;\ncvt.u32.u64 %r2, %rd6;", uint32_t(-7));
    is("mov.b32 %r3, -1;\nmul.wide.u32 %rd6, %r3, 16;\nshr.u64 %rd6, %rd6, 32;\ncvt.u32.u64 %r2, %rd6;", 15);
    is("mov.b32 %r3, 0x12345678;\nbfe.u32 %r2, %r3, 8, 8;", 0x56);
    is("mov.b32 %r3, 0x12348678;\nbfe.s32 %r2, %r3, 8, 8;", 0xffffff86);
    is("mov.b32 %r3, 0xab;\nmov.b32 %r4, 0x12345678;\nbfi.b32 %r2, %r3, %r4, 8, 8;", 0x1234ab78);
    is("mov.b32 %r3, 0x12345678;\nmov.b32 %r4, 0x9abcdef0;\nprmt.b32 %r2, %r3, %r4, 0x5410;", 0xdef05678);
    is("mov.f32 %f1, " + hex(NAN) + ";\nmax.f32 %f2, %f1, " + hex(3) + ";", 0x40400000, "f32", "%f2");
    is("mov.f32 %f1, 0f80000000;\nmax.f32 %f2, %f1, 0f00000000;", 0, "f32", "%f2");
    is("mov.f32 %f1, 0fFFC12345;\nadd.f32 %f2, %f1, %f1;", 0x7fffffff, "f32", "%f2");
    for (auto& [op, wanted] : std::vector<std::pair<std::string, int>>{{"eq", 0}, {"ne", 0}, {"lt", 0}, {"ge", 0}, {"equ", 1}, {"neu", 1}, {"ltu", 1}, {"geu", 1}, {"nan", 1}, {"num", 0}})
        is("mov.f32 %f1, 0f7FC00000;\nsetp." + op + ".f32 %p1, %f1, 0f00000000;\nselp.b32 %r2, 1, 0, %p1;", uint32_t(wanted));
    is("setp.lt.u32 %p1|%p2, %r1, 0;\nselp.b32 %r2, 1, 2, %p2;", 1);
    is("testp.notanumber.f32 %p1, 0f7FC00000;\nselp.b32 %r2, 1, 0, %p1;", 1);
    // 1 + 2^-12 squared, less one: with two roundings 2^-11 alone, fused 2^-11 + 2^-24
    const char* contraction = getenv("STANDIN_FMA");
    bool fuses = !contraction || *contraction != '0';
    is("mov.f32 %f1, 0f3F800800;\nmul.f32 %f2, %f1, %f1;\nsub.f32 %f3, %f2, 0f3F800000;", fuses ? 0x3a000400 : 0x3a000000, "f32", "%f3");
    is("mov.f32 %f1, 0f3F800800;\nmul.rn.f32 %f2, %f1, %f1;\nsub.f32 %f3, %f2, 0f3F800000;", 0x3a000000, "f32", "%f3");
    is("mov.f32 %f1, 0f3F800800;\nfma.rn.f32 %f3, %f1, %f1, 0fBF800000;", 0x3a000400, "f32", "%f3");
    is("mov.f32 %f1, 0f00000001;\nmul.ftz.f32 %f2, %f1, 0f4B000000;", 0, "f32", "%f2");
    is("mov.f32 %f1, 0f3F800001;\nadd.rz.f32 %f2, %f1, 0f33000001;", 0x3f800001, "f32", "%f2");
    is("mov.f32 %f1, 0f3F800001;\nadd.rp.f32 %f2, %f1, 0f33000001;", 0x3f800002, "f32", "%f2");
    is("cvt.rn.f16.f32 %h1, " + hex(65519.0f) + ";\ncvt.u32.u16 %r2, %h1;", 0x7bff);
    is("cvt.rn.f16.f32 %h1, " + hex(65520.0f) + ";\ncvt.u32.u16 %r2, %h1;", 0x7c00);
    is("cvt.rn.f16.f32 %h1, " + hex(6e-8f) + ";\ncvt.u32.u16 %r2, %h1;", 1);
    is("mov.f64 %fd1, " + hex64(1.0 + 0x1p-24 + 0x1p-40) + ";\ncvt.rn.f32.f64 %f2, %fd1;", 0x3f800001, "f32", "%f2");
    is("mov.b64 %rd6, 0x0000000180000000;\nmov.b64 {%r3, %r2}, %rd6;", 1);
    is("sqrt.rn.f32 %f2, " + hex(2.0f) + ";", 0x3fb504f3, "f32", "%f2");
    is("div.rn.f32 %f2, " + hex(1.0f) + ", " + hex(3.0f) + ";", 0x3eaaaaab, "f32", "%f2");
    printf("%d failures\n", failures);
    return failures;
}
