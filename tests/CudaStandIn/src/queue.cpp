#include "queue.h"
#include "options.h"

namespace standin {

Queue& Queue::get() {
    static Queue* queue = new Queue;
    return *queue;
}

void* Queue::lineOf(void* stream) {
    auto at = streams.find(stream);
    return at == streams.end() || at->second->isBlocking ? nullptr : stream;
}

int Queue::submit(void* stream, Work work) {
    std::lock_guard lock(gate);
    if (lostWith) return lostWith;
    if (lineOf(stream) ? !Options::get().lazyOthers : !Options::get().lazy) {
        fail(work());
        return 0;
    }
    auto& line = lines[lineOf(stream)];
    line.push_back(std::move(work));
    if (line.size() > Options::get().queued) run(line);
    return 0;
}

void Queue::run(std::deque<Work>& line) {
    while (!line.empty()) {
        Work work = std::move(line.front());
        line.pop_front();
        if (!lostWith) fail(work());
    }
}

bool Queue::runUntil(void* stream, const std::function<bool()>& hasHappened) {
    std::lock_guard lock(gate);
    auto& line = lines[lineOf(stream)];
    while (!hasHappened()) {
        if (line.empty()) return false;
        Work work = std::move(line.front());
        line.pop_front();
        if (!lostWith) fail(work());
    }
    return true;
}

void Queue::fail(int code) {
    if (code == 0) return;
    if (error == 0) error = code;
    if (Options::get().sticky) lostWith = code;
}

int Queue::take() {
    if (lostWith) return lostWith;
    int e = error;
    error = 0;
    return e;
}

int Queue::drain(void* stream) {
    std::lock_guard lock(gate);
    if (auto at = lines.find(lineOf(stream)); at != lines.end()) run(at->second);
    return take();
}

int Queue::drainAll() {
    std::lock_guard lock(gate);
    for (auto& [_, line] : lines) run(line);
    return take();
}

void* Queue::create(bool isBlocking) {
    std::lock_guard lock(gate);
    auto* made = new Stream{isBlocking};
    streams[made] = made;
    return made;
}

bool Queue::destroy(void* stream) {
    std::lock_guard lock(gate);
    auto at = streams.find(stream);
    if (at == streams.end()) return false;
    if (auto line = lines.find(stream); line != lines.end()) run(line->second);
    streams.erase(at);
    return true;
}

}
