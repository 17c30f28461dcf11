// Accesses that nothing orders: of threads of a group without a barrier between, and of different groups of one launch. For every byte the
// last writer and the readers since are remembered (STANDIN_RACES).
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace standin {

struct Accessor {
    uint64_t group;
    uint32_t thread, epoch;
    int line;
};

struct ByteHistory {
    uint64_t writerGroup = 0, readerGroup = 0;  // number + 1; 0: nobody
    uint32_t writerThread = 0, writerEpoch = 0, readerThread = 0, readerEpoch = 0;
    int writerLine = 0, readerLine = 0;
    bool isReadByThreads = false, isReadByGroups = false;       // by several

    // A text if this access conflicts with an earlier one. A write of what is there already is harmless to the result, and is told apart.
    const char* conflict(const Accessor& me, bool isWrite, int& otherLine, uint64_t& otherGroup, uint32_t& otherThread) const;
    void note(const Accessor& me, bool isWrite);
};

struct SharedRaces {
    std::vector<ByteHistory> bytes;
};

struct GlobalRaces {
    std::mutex gate;
    std::unordered_map<uint64_t, std::vector<ByteHistory>> pages;
    ByteHistory& at(uint64_t address) {
        auto& page = pages[address >> 10];
        if (page.empty()) page.resize(1024);
        return page[address & 1023];
    }
};

struct Group;
void checkRace(Group& group, ByteHistory& history, const Accessor& me, bool isWrite, const char* space, uint64_t address, bool isSame);

}
