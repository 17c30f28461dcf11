// The entry points of libcuda.so.1 that ILGPU asks for. One device, whose memory is memory of the host; kernels are executed by the
// interpreter of PTX in this library.
#include "memory.h"
#include "module.h"
#include "options.h"
#include "queue.h"
#include "report.h"
#include "status.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/stat.h>

using namespace standin;

#define API extern "C" __attribute__((visibility("default"))) int

namespace {

std::atomic<bool> isInitialised{false};

struct Context { int device; };
thread_local Context* current = nullptr;

struct Event {
    std::atomic<long> asked{0}, done{0};        // how often it was recorded: by the program, and as work
    void* stream = nullptr;
    std::chrono::steady_clock::time_point at{};
    bool isDone() const { return done == asked; }
};

// Every call but a few needs a context that is current on its thread: the commonest mistake of programs with several threads.
int contextOrError(const char* call) {
    if (!isInitialised) return notInitialised;
    if (current) return success;
    Report::get().error(format("%s without a current context on this thread", call));
    return invalidContext;
}

#define NEEDS_CONTEXT() \
    if (int status_ = contextOrError(__func__)) return status_; \
    if (int lost_ = Queue::get().lost()) return lost_

int refuse(const char* call, int status, const std::string& why) {
    Report::get().error(format("%s: %s (%s)", call, why.c_str(), nameOf(status)));
    return status;
}

}

// ---- The driver and its device

API cuInit(unsigned) {
    isInitialised = true;
    Report::get();
    DeviceMemory::get();
    return success;
}

API cuDriverGetVersion(int* version) {
    *version = Options::get().driver;
    return success;
}

API cuDeviceGetCount(int* count) {
    if (!isInitialised) return notInitialised;
    *count = 1;
    return success;
}

API cuDeviceGet(int* device, int ordinal) {
    if (ordinal != 0) return invalidDevice;
    *device = 0;
    return success;
}

API cuDeviceGetName(char* name, int length, int) {
    snprintf(name, size_t(length), "Stand-in for an NVIDIA GPU");
    return success;
}

API cuDeviceTotalMem_v2(size_t* bytes, int) {
    *bytes = Options::get().memory;
    return success;
}

API cuDeviceGetAttribute(int* value, int attribute, int) {
    switch (attribute) {
    case 1: case 2: case 3: *value = 1024; break;           // threads in a group, in x, in y
    case 4: *value = 64; break;                             // in z
    case 5: *value = 2147483647; break;                     // groups in x
    case 6: case 7: *value = 65535; break;
    case 8: *value = 49152; break;                          // shared memory of a group without opting in
    case 9: *value = 65536; break;                          // constant memory
    case 10: *value = 32; break;                            // warp
    case 11: *value = 2147483647; break;                    // pitch
    case 12: case 82: *value = 65536; break;                // registers of a group, of a multiprocessor
    case 13: *value = 1980000; break;                       // kHz
    case 16: *value = 132; break;                           // multiprocessors
    case 19: case 31: case 32: case 41: case 78: case 79: case 80: case 83: case 90: case 91: *value = 1; break;
    case 36: *value = 3201000; break;
    case 37: *value = 6144; break;                          // bits of the memory bus
    case 38: *value = 62914560; break;                      // L2
    case 39: *value = 2048; break;                          // threads of a multiprocessor
    case 40: *value = 3; break;                             // copy engines
    case 75: *value = Options::get().capability / 10; break;
    case 76: *value = Options::get().capability % 10; break;
    case 81: *value = 233472; break;                        // shared memory of a multiprocessor
    case 97: *value = 232448; break;                        // shared memory of a group that opts in
    default: *value = 0; break;
    }
    return success;
}

API cuGetErrorString(int status, const char** text) {
    *text = nameOf(status);
    return success;
}

API cuGetErrorName(int status, const char** text) {
    *text = nameOf(status);
    return success;
}

// ---- Contexts

API cuCtxCreate_v2(void** context, unsigned, int device) {
    if (!isInitialised) return notInitialised;
    *context = current = new Context{device};
    return success;
}

API cuCtxDestroy_v2(void* context) {
    if (current == context) current = nullptr;
    return success;                                         // kept: other threads may have it as their current one
}

API cuCtxSetCurrent(void* context) {
    current = static_cast<Context*>(context);
    return success;
}

API cuCtxGetCurrent(void** context) {
    *context = current;
    return success;
}

API cuCtxSynchronize() {
    NEEDS_CONTEXT();
    int status = Queue::get().drainAll();
    Report::get().waited("cuCtxSynchronize");
    return status;
}

API cuCtxGetCacheConfig(int* config) { *config = 0; return success; }
API cuCtxSetCacheConfig(int) { return success; }
API cuCtxGetSharedMemConfig(int* config) { *config = 1; return success; }
API cuCtxSetSharedMemConfig(int) { return success; }
API cuDeviceCanAccessPeer(int* can, int, int) { *can = 0; return success; }
API cuCtxEnablePeerAccess(void*, unsigned) { return 217; }
API cuCtxDisablePeerAccess(void*) { return 705; }
API cuDeviceGetP2PAttribute(int* value, int, int, int) { *value = 0; return success; }

// ---- Memory

API cuMemGetInfo_v2(size_t* free, size_t* total) {
    NEEDS_CONTEXT();
    *free = DeviceMemory::get().freeBytes();
    *total = Options::get().memory;
    return success;
}

API cuMemAlloc_v2(uint64_t* address, size_t bytes) {
    NEEDS_CONTEXT();
    if (bytes == 0) return refuse(__func__, invalidValue, "no bytes");
    *address = DeviceMemory::get().allocate(bytes);
    return *address ? success : outOfMemory;
}

API cuMemFree_v2(uint64_t address) {
    NEEDS_CONTEXT();
    if (address == 0) return success;
    // Memory of cuMemAlloc is freed when the device has done what was asked before.
    if (Options::get().exactFrees) {
        int status = Queue::get().drainAll();
        if (status) Queue::get().fail(status);              // not this call's to tell
        Report::get().waited("cuMemFree");
    }
    return DeviceMemory::get().free(address) ? success : refuse(__func__, invalidValue, format("%#llx is not what cuMemAlloc returned", (unsigned long long)address));
}

API cuMemAllocHost_v2(void** address, size_t bytes) {
    NEEDS_CONTEXT();
    void* p = nullptr;
    if (posix_memalign(&p, 4096, bytes) != 0) return outOfMemory;
    DeviceMemory::get().lockHost(uint64_t(p), bytes);
    Report::get().hostAllocations++;
    *address = p;
    return success;
}

API cuMemHostAlloc(void** address, size_t bytes, unsigned) { return cuMemAllocHost_v2(address, bytes); }

API cuMemFreeHost(void* address) {
    NEEDS_CONTEXT();
    if (!DeviceMemory::get().unlockHost(uint64_t(address))) return refuse(__func__, invalidValue, "not page-locked memory");
    free(address);
    return success;
}

API cuMemHostRegister_v2(void* address, size_t bytes, unsigned) {
    NEEDS_CONTEXT();
    if (DeviceMemory::get().isLocked(uint64_t(address), bytes)) return hostAlreadyRegistered;
    DeviceMemory::get().lockHost(uint64_t(address), bytes);
    Report::get().hostRegistrations++;
    return success;
}

API cuMemHostUnregister(void* address) {
    NEEDS_CONTEXT();
    return DeviceMemory::get().unlockHost(uint64_t(address)) ? success : hostNotRegistered;
}

API cuMemHostGetDevicePointer_v2(uint64_t* device, void* host, unsigned) {
    NEEDS_CONTEXT();
    *device = uint64_t(host);
    return success;
}

API cuPointerGetAttribute(void* value, int attribute, uint64_t address) {
    NEEDS_CONTEXT();
    bool onDevice = DeviceMemory::get().find(address) != nullptr, isLocked = DeviceMemory::get().isLocked(address, 1);
    if (!onDevice && !isLocked) return invalidValue;
    if (attribute == 2) *static_cast<int*>(value) = onDevice ? 2 : 1;
    else return notSupported;
    return success;
}

namespace {

// Where one end of a copy lies.
enum class Place { device, locked, pageable };

Place placeOf(uint64_t address, size_t bytes) {
    auto& memory = DeviceMemory::get();
    return memory.isDevice(address) ? Place::device : memory.isLocked(address, bytes) ? Place::locked : Place::pageable;
}

bool isInside(uint64_t address, size_t bytes) {
    const Allocation* a = DeviceMemory::get().find(address);
    return a && address + bytes <= a->end;
}

int copyNow(uint64_t to, uint64_t from, size_t bytes, Place source, Place target) {
    if (source == Place::device && !isInside(from, bytes)) return refuse("copy", illegalAddress, "the source is no live device memory any more");
    if (target == Place::device && !isInside(to, bytes)) return refuse("copy", illegalAddress, "the destination is no live device memory any more");
    if (source == Place::locked && !DeviceMemory::get().isLocked(from, bytes)) return refuse("copy", illegalAddress, "the source is no page-locked memory any more");
    if (target == Place::locked && !DeviceMemory::get().isLocked(to, bytes)) return refuse("copy", illegalAddress, "the destination is no page-locked memory any more");
    memmove(reinterpret_cast<void*>(to), reinterpret_cast<const void*>(from), bytes);
    return success;
}

int copy(const char* call, uint64_t to, uint64_t from, size_t bytes, void* stream, bool isAsync) {
    if (bytes == 0) return success;
    Place source = placeOf(from, bytes), target = placeOf(to, bytes);
    if ((source == Place::device && !isInside(from, bytes)) || (target == Place::device && !isInside(to, bytes)))
        return refuse(call, invalidValue, format("%zu bytes from %#llx to %#llx leave their allocation", bytes, (unsigned long long)from, (unsigned long long)to));
    static const char* const names[] = {"device", "host page-locked", "host pageable"};
    Report::get().copied(format("%s to %s, %s", names[int(source)], names[int(target)], isAsync ? "async" : "sync"), bytes);
    auto& queue = Queue::get();
    // As the driver does it: pageable sources are taken over before the call returns, pageable destinations are written before it returns.
    if (source == Place::pageable && target == Place::device) {
        auto bytesTaken = std::make_shared<std::vector<uint8_t>>(reinterpret_cast<uint8_t*>(from), reinterpret_cast<uint8_t*>(from) + bytes);
        int status = queue.submit(stream, [=] { return copyNow(to, uint64_t(bytesTaken->data()), bytes, Place::pageable, Place::device); });
        return status || isAsync ? status : queue.drain(stream);
    }
    int status = queue.submit(stream, [=] { return copyNow(to, from, bytes, source, target); });
    if (status || (isAsync && target != Place::pageable)) return status;
    return queue.drain(stream);
}

int fill(const char* call, uint64_t address, unsigned value, int width, size_t count, void* stream, bool isAsync) {
    size_t bytes = count * size_t(width);
    if (bytes == 0) return success;
    if (!isInside(address, bytes)) return refuse(call, invalidValue, format("%zu bytes at %#llx leave their allocation", bytes, (unsigned long long)address));
    Report::get().copied(isAsync ? "memset, async" : "memset, sync", bytes);
    int status = Queue::get().submit(stream, [=] {
        if (!isInside(address, bytes)) return refuse("memset", illegalAddress, "no live device memory any more");
        for (size_t i = 0; i < count; i++) memcpy(reinterpret_cast<uint8_t*>(address) + i * size_t(width), &value, size_t(width));
        return int(success);
    });
    return status || isAsync ? status : Queue::get().drain(stream);
}

}

API cuMemcpyAsync(uint64_t to, uint64_t from, size_t bytes, void* stream) { NEEDS_CONTEXT(); return copy(__func__, to, from, bytes, stream, true); }
API cuMemcpy(uint64_t to, uint64_t from, size_t bytes) { NEEDS_CONTEXT(); return copy(__func__, to, from, bytes, nullptr, false); }
API cuMemcpyHtoD_v2(uint64_t to, const void* from, size_t bytes) { NEEDS_CONTEXT(); return copy(__func__, to, uint64_t(from), bytes, nullptr, false); }
API cuMemcpyDtoH_v2(void* to, uint64_t from, size_t bytes) { NEEDS_CONTEXT(); return copy(__func__, uint64_t(to), from, bytes, nullptr, false); }
API cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) { NEEDS_CONTEXT(); return copy(__func__, to, from, bytes, nullptr, false); }
API cuMemsetD8Async(uint64_t address, unsigned char value, size_t n, void* stream) { NEEDS_CONTEXT(); return fill(__func__, address, value, 1, n, stream, true); }
API cuMemsetD8_v2(uint64_t address, unsigned char value, size_t n) { NEEDS_CONTEXT(); return fill(__func__, address, value, 1, n, nullptr, false); }
API cuMemsetD32Async(uint64_t address, unsigned value, size_t n, void* stream) { NEEDS_CONTEXT(); return fill(__func__, address, value, 4, n, stream, true); }
API cuMemsetD32_v2(uint64_t address, unsigned value, size_t n) { NEEDS_CONTEXT(); return fill(__func__, address, value, 4, n, nullptr, false); }

// ---- Streams and events

API cuStreamCreate(void** stream, unsigned flags) {
    NEEDS_CONTEXT();
    *stream = Queue::get().create((flags & 1) == 0);
    return success;
}

API cuStreamCreateWithPriority(void** stream, unsigned flags, int) { return cuStreamCreate(stream, flags); }

API cuStreamDestroy_v2(void* stream) {
    NEEDS_CONTEXT();
    return Queue::get().destroy(stream) ? success : refuse(__func__, invalidHandle, "no such stream");
}

API cuStreamSynchronize(void* stream) {
    NEEDS_CONTEXT();
    int status = Queue::get().drain(stream);
    Report::get().waited("cuStreamSynchronize");
    return status;
}

API cuEventCreate(void** event, unsigned) {
    NEEDS_CONTEXT();
    *event = new Event;
    return success;
}

API cuEventDestroy_v2(void*) { return success; }            // kept: work may be queued that records it

API cuEventRecord(void* event, void* stream) {
    NEEDS_CONTEXT();
    auto* e = static_cast<Event*>(event);
    long count = ++e->asked;
    e->stream = stream;
    return Queue::get().submit(stream, [e, count] {
        e->at = std::chrono::steady_clock::now();
        e->done = count;
        return int(success);
    });
}

// What is asked of the stream from now on comes after what the event was recorded behind.
API cuStreamWaitEvent(void* stream, void* event, unsigned) {
    NEEDS_CONTEXT();
    auto* e = static_cast<Event*>(event);
    long count = e->asked;
    if (count == 0) return refuse(__func__, invalidHandle, "the event was never recorded: nothing is waited for");
    return Queue::get().submit(stream, [e, count, from = e->stream] {
        return Queue::get().runUntil(from, [e, count] { return e->done >= count; }) ? int(success)
            : refuse("cuStreamWaitEvent", invalidHandle, "nothing is left that would record the event");
    });
}

API cuEventQuery(void* event) {
    NEEDS_CONTEXT();
    return static_cast<Event*>(event)->isDone() ? success : notReady;
}

API cuEventSynchronize(void* event) {
    NEEDS_CONTEXT();
    int status = static_cast<Event*>(event)->isDone() ? int(success) : Queue::get().drainAll();
    Report::get().waited("cuEventSynchronize");
    return status;
}

API cuEventElapsedTime(float* milliseconds, void* start, void* end) {
    NEEDS_CONTEXT();
    auto *from = static_cast<Event*>(start), *to = static_cast<Event*>(end);
    if (!from->isDone() || !to->isDone()) return notReady;
    *milliseconds = std::chrono::duration<float, std::milli>(to->at - from->at).count();
    return success;
}

// ---- Modules and launches

API cuModuleLoadDataEx(void** module, const char* ptx, unsigned options, const int* names, void** values) {
    NEEDS_CONTEXT();
    std::string error;
    auto loaded = Module::load(ptx, error);
    auto& report = Report::get();
    if (loaded) {
        std::lock_guard lock(report.gate);
        report.modules++;
        *module = loaded.release();
        return success;
    }
    char* log = nullptr;
    size_t room = 0;
    for (unsigned i = 0; i < options; i++) {
        if (names[i] == 5) log = static_cast<char*>(values[i]);         // CU_JIT_ERROR_LOG_BUFFER
        if (names[i] == 6) room = size_t(values[i]);                    // its size
    }
    if (log && room) snprintf(log, room, "%s", error.c_str());
    {
        std::lock_guard lock(report.gate);
        report.moduleFailures++;
    }
    return refuse(__func__, invalidPtx, error);
}

API cuModuleLoadData(void** module, const char* ptx) { return cuModuleLoadDataEx(module, ptx, 0, nullptr, nullptr); }

API cuModuleUnload(void*) { NEEDS_CONTEXT(); return success; }          // kept: launches may be queued

API cuModuleGetFunction(void** function, void* module, const char* name) {
    NEEDS_CONTEXT();
    auto& kernels = static_cast<Module*>(module)->kernels;
    auto at = kernels.find(name);
    if (at == kernels.end()) return notFound;
    *function = at->second.get();
    return success;
}

API cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* stream, void** arguments, void** extra) {
    NEEDS_CONTEXT();
    auto* kernel = static_cast<Kernel*>(function);
    auto launch = std::make_shared<Launch>(Launch{kernel, {gx, gy, gz}, {bx, by, bz}, shared, {}});
    const char* name = kernel->name.c_str();
    uint64_t threads = uint64_t(bx) * by * bz;
    if (gx == 0 || gy == 0 || gz == 0 || threads == 0) return refuse(__func__, invalidValue, format("%s: no threads", name));
    if (gx > 2147483647u || gy > 65535 || gz > 65535) return refuse(__func__, invalidValue, format("%s: a grid of %u x %u x %u groups", name, gx, gy, gz));
    if (bx > 1024 || by > 1024 || bz > 64 || threads > 1024) return refuse(__func__, invalidValue, format("%s: groups of %u x %u x %u threads", name, bx, by, bz));
    if (kernel->maxThreads && (threads > uint64_t(kernel->maxThreads) || (kernel->requiresExactly && threads != uint64_t(kernel->maxThreads))))
        return refuse(__func__, invalidValue, format("%s: %llu threads, made for %d", name, (unsigned long long)threads, kernel->maxThreads));
    if (kernel->staticShared + uint64_t(shared) > 49152) return refuse(__func__, invalidValue, format("%s: %llu bytes of shared memory", name, (unsigned long long)(kernel->staticShared + uint64_t(shared))));
    if (extra) {
        const void* buffer = nullptr;
        size_t size = 0;
        for (void** p = extra; *p; p += 2) {
            if (*p == reinterpret_cast<void*>(1)) buffer = p[1];
            else if (*p == reinterpret_cast<void*>(2)) size = *static_cast<size_t*>(p[1]);
            else return refuse(__func__, invalidValue, format("%s: an unknown entry among the extra arguments", name));
        }
        if (!buffer || size > 4096) return refuse(__func__, invalidValue, format("%s: %zu bytes of parameters", name, size));
        if (!Options::get().null && size != kernel->parameterBytes)
            return refuse(__func__, invalidValue, format("%s: %zu bytes of parameters were given, %u are declared", name, size, kernel->parameterBytes));
        launch->parameters.assign(static_cast<const uint8_t*>(buffer), static_cast<const uint8_t*>(buffer) + size);
    } else if (arguments && kernel->parameterBytes) {
        return refuse(__func__, notSupported, format("%s: arguments one by one", name));
    }
    {
        auto& report = Report::get();
        std::lock_guard lock(report.gate);
        auto& count = report.kernels[kernel->name];
        count.launches++;
        count.groups += uint64_t(gx) * gy * gz;
        count.threads += uint64_t(gx) * gy * gz * threads;
        count.mostThreads = std::max(count.mostThreads, int(threads));
    }
    if (!Options::get().trace.empty()) Report::get().trace(format("launch %s (%u, %u, %u) x (%u, %u, %u)", name, gx, gy, gz, bx, by, bz));
    if (Options::get().null) return success;
    return Queue::get().submit(stream, [launch] { return execute(*launch); });
}

API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* groups, void* function, int threads, size_t shared) {
    auto* kernel = static_cast<Kernel*>(function);
    size_t each = kernel->staticShared + shared + 1024;
    *groups = int(std::min<size_t>({size_t(2048 / std::max(threads, 1)), 32, 233472 / each}));
    return success;
}

API cuOccupancyMaxPotentialBlockSize(int* groups, int* threads, void* function, size_t (*)(int), size_t, int limit) {
    auto* kernel = static_cast<Kernel*>(function);
    *threads = limit > 0 ? std::min(limit, 1024) : 1024;
    if (kernel->maxThreads) *threads = std::min(*threads, kernel->maxThreads);
    *groups = 132 * (2048 / *threads);
    return success;
}

// For the stand-ins of cuBLAS and NCCL, which are libraries of their own: work behind what is queued on a stream, device memory, and the report.
extern "C" __attribute__((visibility("default"))) int standinSubmit(void* stream, int (*work)(void*), void* argument) {
    NEEDS_CONTEXT();
    return Queue::get().submit(stream, [=] { return work(argument); });
}

extern "C" __attribute__((visibility("default"))) int standinIsBlocking(void* stream) { return Queue::get().isBlocking(stream); }
extern "C" __attribute__((visibility("default"))) int standinIsDevice(uint64_t address, size_t bytes) { return isInside(address, bytes); }
extern "C" __attribute__((visibility("default"))) void standinError(const char* text) { Report::get().error(text); }

extern "C" __attribute__((visibility("default"))) void standinProduct(const char* text) {
    auto& report = Report::get();
    std::lock_guard lock(report.gate);
    report.products[text]++;
}
