#include "races.h"
#include "module.h"
#include "program.h"
#include "report.h"

namespace standin {

const char* ByteHistory::conflict(const Accessor& me, bool isWrite, int& otherLine, uint64_t& otherGroup, uint32_t& otherThread) const {
    uint64_t mine = me.group + 1;
    if (writerGroup && (writerGroup != mine || (writerThread != me.thread && writerEpoch == me.epoch))) {
        otherLine = writerLine, otherGroup = writerGroup - 1, otherThread = writerThread;
        return isWrite ? "write after write" : "read after write";
    }
    if (!isWrite || !readerGroup) return nullptr;
    bool ofOtherGroup = isReadByGroups || readerGroup != mine;
    bool ofOtherThread = readerEpoch == me.epoch && (isReadByThreads || readerThread != me.thread);
    if (!ofOtherGroup && !ofOtherThread) return nullptr;
    otherLine = readerLine, otherGroup = readerGroup - 1, otherThread = readerThread;
    return "write after read";
}

void ByteHistory::note(const Accessor& me, bool isWrite) {
    uint64_t mine = me.group + 1;
    if (isWrite) {
        writerGroup = mine, writerThread = me.thread, writerEpoch = me.epoch, writerLine = me.line;
        readerGroup = 0;
        isReadByThreads = isReadByGroups = false;
        return;
    }
    if (readerGroup && readerGroup != mine) isReadByGroups = true;
    else if (readerGroup && readerEpoch == me.epoch && readerThread != me.thread) isReadByThreads = true;
    else if (readerEpoch != me.epoch) isReadByThreads = false;
    readerGroup = mine, readerThread = me.thread, readerEpoch = me.epoch, readerLine = me.line;
}

void checkRace(Group& group, ByteHistory& history, const Accessor& me, bool isWrite, const char* space, uint64_t address, bool isSame) {
    int line = 0;
    uint64_t otherGroup = 0;
    uint32_t otherThread = 0;
    if (const char* what = history.conflict(me, isWrite, line, otherGroup, otherThread)) {
        bool isHarmless = isWrite && isSame;
        bool isWithin = otherGroup == me.group;
        // Addresses and threads differ from run to run; a text per pair of lines is enough to find the place.
        if (isHarmless) Report::get().error(format("note: %s, lines %d and %d: the same value is written twice (%s memory, %s)", group.launch->kernel->name.c_str(), line, me.line, space,
            isWithin ? "one group" : "two groups"));
        else {
            static thread_local std::unordered_map<std::string, int> told;
            std::string key = format("race: %s, lines %d and %d: %s, %s memory, %s", group.launch->kernel->name.c_str(), line, me.line, what, space, isWithin ? "threads of a group without a barrier" : "two groups");
            Report::get().race(key);
            if (told[key]++ == 0) fprintf(stderr, "standin:   at %#llx: group %llu thread %u, then group %llu thread %u\n", (unsigned long long)address, (unsigned long long)otherGroup, otherThread,
                (unsigned long long)me.group, me.thread);
        }
    }
    history.note(me, isWrite);
}

}
