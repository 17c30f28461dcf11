// Work in order. Everything runs when it is asked for, or, with STANDIN_LAZY, when somebody waits for it.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <mutex>

namespace standin {

// A cuError of work; 0 is success.
using Work = std::function<int()>;

class Queue {
public:
    static Queue& get();

    // Runs the work now or puts it behind what was asked of this stream before. Blocking streams and stream 0 share one line.
    int submit(void* stream, Work work);

    // Runs what is queued on a stream, or everywhere, and returns the first error since somebody last asked.
    int drain(void* stream);
    int drainAll();

    // Runs what is queued on a stream until something has happened; false if all has run and it has not.
    bool runUntil(void* stream, const std::function<bool()>& hasHappened);

    // Remembers an error for whoever waits next.
    void fail(int error);
    int lost() const { return lostWith; }       // the error that the context died of (STANDIN_STICKY)

    void* create(bool isBlocking);
    bool destroy(void* stream);
    bool isBlocking(void* stream) { std::lock_guard lock(gate); return lineOf(stream) == nullptr; }

private:
    struct Stream { bool isBlocking; };
    std::recursive_mutex gate;                  // one at a time: the stand-in is no faster than its cores anyway
    std::map<void*, std::deque<Work>> lines;
    std::map<void*, Stream*> streams;
    int error = 0, lostWith = 0;

    void* lineOf(void* stream);
    void run(std::deque<Work>& line);
    int take();
};

}
