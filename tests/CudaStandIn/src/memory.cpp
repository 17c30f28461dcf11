#include "memory.h"
#include "options.h"
#include "report.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace standin {

DeviceMemory& DeviceMemory::get() {
    static DeviceMemory* memory = new DeviceMemory;
    return *memory;
}

static void* reserve(uint64_t bytes, int protection) {
    void* p = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) {
        perror("standin: cannot reserve addresses");
        abort();
    }
    return p;
}

DeviceMemory::DeviceMemory() {
    size = uint64_t(1) << 40;
    base = uint64_t(reserve(size, PROT_READ | PROT_WRITE));    // one mapping: the system allows a process some ten thousand
    pages = static_cast<Allocation**>(reserve((size >> pageBits) * sizeof(Allocation*), PROT_READ | PROT_WRITE));
}

uint64_t DeviceMemory::allocate(uint64_t bytes) {
    const auto& options = Options::get();
    std::lock_guard lock(gate);
    if (bytes == 0 || bytes > options.memory || used + bytes > options.memory) return 0;
    uint64_t rounded = (bytes + 4095) & ~uint64_t(4095);
    uint64_t at = next + 4096;                  // a page that belongs to nobody between any two
    if (at + rounded > size) return 0;
    void* p = reinterpret_cast<void*>(base + at);
    if (options.fill != 0) memset(p, options.fill, bytes);
    auto* a = new Allocation{base + at, base + at + bytes, true};
    for (uint64_t page = at >> pageBits; page < (at + rounded) >> pageBits; page++) pages[page] = a;
    next = at + rounded;
    used += bytes;
    auto& report = Report::get();
    if (!options.trace.empty()) report.trace(format("allocate %llu bytes", (unsigned long long)bytes));
    std::lock_guard counting(report.gate);
    report.allocations++;
    report.liveBytes = used;
    if (used > report.peakBytes) report.peakBytes = used;
    return a->start;
}

bool DeviceMemory::free(uint64_t address) {
    std::lock_guard lock(gate);
    uint64_t offset = address - base;
    Allocation* a = offset < size ? pages[offset >> pageBits] : nullptr;
    if (!a || a->start != address || !a->isLive) return false;
    a->isLive = false;
    uint64_t rounded = (a->end - a->start + 4095) & ~uint64_t(4095);
    madvise(reinterpret_cast<void*>(address), rounded, MADV_DONTNEED);
    used -= a->end - a->start;
    auto& report = Report::get();
    std::lock_guard counting(report.gate);
    report.frees++;
    report.liveBytes = used;
    return true;
}

uint64_t DeviceMemory::freeBytes() const {
    std::lock_guard lock(gate);
    return Options::get().memory - used;
}

void DeviceMemory::lockHost(uint64_t address, uint64_t bytes) {
    std::lock_guard lock(gate);
    locked[address] = address + bytes;
}

bool DeviceMemory::unlockHost(uint64_t address) {
    std::lock_guard lock(gate);
    return locked.erase(address) != 0;
}

bool DeviceMemory::isLocked(uint64_t address, uint64_t bytes) const {
    std::lock_guard lock(gate);
    auto after = locked.upper_bound(address);
    if (after == locked.begin()) return false;
    --after;
    return address + bytes <= after->second;
}

}
