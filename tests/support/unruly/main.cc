// Processes and threads that live and end in ways that tracers stumble over. Prints what they did
// to sockets: "creates 2 sends 1 receives 1 closes 2".

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace socktap::test {
namespace {

struct Done {
  long creates = 0, sends = 0, receives = 0, closes = 0;
};

Done operator*(long times, const Done& done) {
  return {times * done.creates, times * done.sends, times * done.receives, times * done.closes};
}

struct Pair {
  UniqueFd one, other;
};

Pair make_pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

constexpr Done of_talk{.creates = 2, .sends = 1, .receives = 1, .closes = 2};

void talk() {
  const Pair pair = make_pair();
  char byte = 1;
  if (::send(pair.one.get(), &byte, 1, 0) != 1 || ::recv(pair.other.get(), &byte, 1, 0) != 1)
    std::abort();
}

void moment(int milliseconds) { ::usleep(static_cast<useconds_t>(milliseconds) * 1000); }

template <typename Child>
pid_t fork_to(Child child) {
  const pid_t number = ::fork();
  if (number < 0) std::abort();
  if (number > 0) return number;
  child();
  ::_exit(0);
}

void wait_for_all_children() {
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

Done threads_that_come_and_go(int count) {
  constexpr int at_once = 32;
  for (int begun = 0; begun < count; begun += at_once) {
    std::vector<std::thread> wave;
    for (int i = begun; i < count && i < begun + at_once; ++i) wave.emplace_back(talk);
    for (std::thread& thread : wave) thread.join();
  }
  return count * of_talk;
}

void storm(int fan, int depth) {
  for (int i = 0; i < fan; ++i)
    fork_to([&] {
      talk();
      if (depth > 1) storm(fan, depth - 1);
    });
  wait_for_all_children();
}

Done fork_storm(int fan) {
  storm(fan, 3);
  const long width = fan;
  return (width + width * width + width * width * width) * of_talk;
}

// Their children are nobody's then, and must end all the same.
Done makers_that_are_killed(int count) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (int i = 0; i < count; ++i) {
    const pid_t maker = fork_to([] {
      for (;;) ::waitpid(fork_to([] {}), nullptr, 0);
    });
    ::usleep(static_cast<useconds_t>(1000 + ::rand() % 3000));
    ::kill(maker, SIGKILL);
    ::waitpid(maker, nullptr, 0);
  }
  wait_for_all_children();
  return {};
}

Done first_thread_ends(int count) {
  static int talks = 0;
  talks = count;
  std::thread([] {
    moment(50);
    for (int i = 0; i < talks; ++i) talk();
    const Done done = talks * of_talk;
    std::printf("creates %ld sends %ld receives %ld closes %ld\n", done.creates, done.sends,
                done.receives, done.closes);
    std::fflush(stdout);
    ::_exit(0);
  }).detach();
  ::pthread_exit(nullptr);
}

// What such a thread closes the others keep.
Done descriptors_of_their_own(int count) {
  for (int i = 0; i < count; ++i) {
    const Pair shared = make_pair();
    std::thread([&shared, i] {
      if (i % 2 == 0) {
        if (::unshare(CLONE_FILES) != 0) std::abort();
        ::close(shared.one.get());
        ::close(shared.other.get());
      } else {
        constexpr unsigned unshares = 1U << 1;
        const auto first = static_cast<unsigned>(shared.one.get());
        if (::syscall(SYS_close_range, first, first + 1, unshares) != 0) std::abort();
      }
      talk();
    }).join();
    char byte = 1;
    if (::send(shared.one.get(), &byte, 1, 0) != 1 || ::recv(shared.other.get(), &byte, 1, 0) != 1)
      std::abort();
  }
  return 2L * count * of_talk;
}

// Once its way there is behind it: nothing else makes the child wait.
void wait_until_it_waits(pid_t child) {
  const std::string path = "/proc/" + std::to_string(child) + "/stat";
  for (std::string number, name, state; state != "S"; moment(1))
    std::ifstream(path) >> number >> name >> state;
}

Done killed_within_a_call(int count) {
  for (int i = 0; i < count; ++i) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    const UniqueFd told(ends[0]);
    UniqueFd tells(ends[1]);
    const pid_t child = fork_to([&tells] {
      const Pair pair = make_pair();
      tells.reset();
      char byte = 0;
      ::recv(pair.one.get(), &byte, 1, 0);
    });
    tells.reset();
    char none = 0;
    if (::read(told.get(), &none, 1) != 0) std::abort();
    wait_until_it_waits(child);
    ::kill(child, i % 2 == 0 ? SIGKILL : SIGTERM);
    ::waitpid(child, nullptr, 0);
  }
  return count * Done{.creates = 2, .receives = 1, .closes = 2};
}

// Descriptors get the numbers of those that other threads close just then.
Done numbers_that_are_used_again(int count) {
  constexpr int at_once = 8;
  std::vector<std::thread> threads;
  threads.reserve(at_once);
  for (int i = 0; i < at_once; ++i)
    threads.emplace_back([count] {
      for (int j = 0; j < count; ++j) talk();
    });
  for (std::thread& thread : threads) thread.join();
  return long{at_once} * count * of_talk;
}

[[noreturn]] void execute(const char* step, const char* count) {
  ::execl("/proc/thread-self/exe", "unruly", step, count, nullptr);
  std::abort();
}

Done talks(int count) {
  for (int i = 0; i < count; ++i) talk();
  return count * of_talk;
}

// The process's number is another thread's until then.
Done a_thread_executes(int) {
  std::thread([] { execute("talks", "3"); }).join();
  return {};
}

Done a_thread_executes_after_the_first_has_ended(int) {
  std::thread([] {
    moment(50);
    execute("talks", "3");
  }).detach();
  ::pthread_exit(nullptr);
}

struct Parcel {
  char byte = 1;
  iovec vector{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header{.msg_iov = &vector,
                .msg_iovlen = 1,
                .msg_control = control,
                .msg_controllen = sizeof control};
};

void pass(int over, int descriptor) {
  Parcel parcel;
  cmsghdr* rights = CMSG_FIRSTHDR(&parcel.header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  if (::sendmsg(over, &parcel.header, 0) != 1) std::abort();
}

UniqueFd take(int from, int flags) {
  Parcel parcel;
  if (::recvmsg(from, &parcel.header, flags) != 1) std::abort();
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&parcel.header)), sizeof descriptor);
  return UniqueFd(descriptor);
}

// Received before, while or after its sender closes it, and looked at in between.
Done sockets_on_their_way(int count) {
  const Pair over = make_pair();
  std::thread receiver([&over, count] {
    for (int i = 0; i < count; ++i) {
      const bool peeks = i % 8 == 0;
      if (peeks) take(over.other.get(), MSG_PEEK);
      if (i % 16 == 0) moment(2);
      take(over.other.get(), 0);
    }
  });
  for (int i = 0; i < count; ++i) {
    const UniqueFd passed(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    pass(over.one.get(), passed.get());
  }
  receiver.join();
  const long peeked = (count + 7) / 8;
  return {.creates = count + 2, .sends = count, .receives = count + peeked, .closes = count + 2};
}

// As under every tracer: nobody else may trace it.
Done traces_itself(int) {
  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != -1 || errno != EPERM)
    std::puts("nobody traces it");
  talk();
  return of_talk;
}

// Whose descriptors not even its own user may look at.
Done forbids_to_look(int count) {
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) std::abort();
  return talks(count);
}

// While its threads make sockets and close them: how many is anybody's guess.
Done exits_meanwhile(int count) {
  for (int i = 0; i < count; ++i) {
    fork_to([i] {
      for (int j = 0; j < 4; ++j)
        std::thread([] {
          for (;;) UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        }).detach();
      ::usleep(static_cast<useconds_t>(5000 + 100 * i));
    });
    wait_for_all_children();
  }
  return {};
}

// Those of the thread that has the process's number.
Done first_thread_leaves_its_descriptors(int count) {
  const Pair shared = make_pair();
  const Pair steps = make_pair();
  std::thread worker([&] {
    char byte = 0;
    if (::recv(steps.one.get(), &byte, 1, 0) != 1) std::abort();
    talks(count);
  });
  if (::unshare(CLONE_FILES) != 0) std::abort();
  char byte = 1;
  if (::send(steps.other.get(), &byte, 1, 0) != 1) std::abort();
  worker.join();
  Done done = count * of_talk;
  return {done.creates + 4, done.sends + 1, done.receives + 1, done.closes + 4};
}

// What is refused, and what begins behind all descriptors, closes none.
Done ranges_that_close_nothing(int) {
  constexpr unsigned unknown = 64, unshares = 1U << 1;
  const Pair pair = make_pair();
  if (::syscall(SYS_close_range, 3U, ~0U, unknown) == 0 ||
      ::syscall(SYS_close_range, 3U, ~0U, unknown | unshares) == 0 ||
      ::syscall(SYS_close_range, ~0U, ~0U, 0U) != 0)
    std::abort();
  char byte = 1;
  if (::send(pair.one.get(), &byte, 1, 0) != 1 || ::recv(pair.other.get(), &byte, 1, 0) != 1)
    std::abort();
  return of_talk;
}

struct Step {
  std::string_view name;
  Done (*run)(int count);
};
constexpr Step steps[] = {
    {"talks", talks},
    {"threads_that_come_and_go", threads_that_come_and_go},
    {"fork_storm", fork_storm},
    {"makers_that_are_killed", makers_that_are_killed},
    {"first_thread_ends", first_thread_ends},
    {"descriptors_of_their_own", descriptors_of_their_own},
    {"killed_within_a_call", killed_within_a_call},
    {"numbers_that_are_used_again", numbers_that_are_used_again},
    {"a_thread_executes", a_thread_executes},
    {"a_thread_executes_after_the_first_has_ended", a_thread_executes_after_the_first_has_ended},
    {"sockets_on_their_way", sockets_on_their_way},
    {"traces_itself", traces_itself},
    {"exits_meanwhile", exits_meanwhile},
    {"first_thread_leaves_its_descriptors", first_thread_leaves_its_descriptors},
    {"ranges_that_close_nothing", ranges_that_close_nothing},
    {"forbids_to_look", forbids_to_look},
};

int run(std::string_view name, int count) {
  for (const Step& step : steps) {
    if (step.name != name) continue;
    const Done done = step.run(count);
    std::printf("creates %ld sends %ld receives %ld closes %ld\n", done.creates, done.sends,
                done.receives, done.closes);
    return 0;
  }
  std::fprintf(stderr, "unruly: no step %.*s\n", static_cast<int>(name.size()), name.data());
  return 2;
}

}  // namespace
}  // namespace socktap::test

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: unruly STEP COUNT\n", stderr);
    return 2;
  }
  return socktap::test::run(arguments[1], std::atoi(arguments[2]));
}
