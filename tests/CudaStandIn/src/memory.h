// Device memory: a reserved range of addresses from which allocations take fresh pages. Addresses are never used twice, so that an access
// after a free is always seen, and a table by page finds the allocation of an address in one step.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace standin {

struct Allocation {
    uint64_t start = 0, end = 0;
    bool isLive = false;
};

class DeviceMemory {
public:
    static DeviceMemory& get();

    uint64_t allocate(uint64_t bytes);          // 0: no room
    bool free(uint64_t address);                // false: not the start of a live allocation

    // The live allocation around an address; null where there is none.
    const Allocation* find(uint64_t address) const {
        uint64_t offset = address - base;
        if (offset >= size) return nullptr;
        const Allocation* a = pages[offset >> pageBits];
        return a && a->isLive && address >= a->start && address < a->end ? a : nullptr;
    }

    // The last allocation that had this address, live or not, for error texts.
    const Allocation* everFind(uint64_t address) const {
        uint64_t offset = address - base;
        return offset < size ? pages[offset >> pageBits] : nullptr;
    }

    bool isDevice(uint64_t address) const { return address - base < size; }
    uint64_t freeBytes() const;

    // Page-locked memory of the host.
    void lockHost(uint64_t address, uint64_t bytes);
    bool unlockHost(uint64_t address);
    bool isLocked(uint64_t address, uint64_t bytes) const;

private:
    DeviceMemory();
    static constexpr int pageBits = 12;
    uint64_t base = 0, size = 0, next = 0, used = 0;
    Allocation** pages = nullptr;
    mutable std::mutex gate;
    std::map<uint64_t, uint64_t> locked;        // start to end
};

}
