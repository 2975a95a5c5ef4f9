// A client and a server that exchange requests and replies for a while.
#pragma once

#include <sys/types.h>

#include <string>

namespace demo {

struct Conversation {
  std::string server;  // names of the processes, as execname() shows them; at most 15 bytes
  std::string client;
  int family;               // AF_INET, AF_INET6 or AF_UNIX
  int type;                 // SOCK_STREAM or SOCK_DGRAM
  std::size_t request = 0;  // bytes
  std::size_t reply = 0;
  int per_second = 0;  // exchanges, at most
};

struct Processes {
  pid_t server = -1;
  pid_t client = -1;
};

// Starts both, over loopback. They end by themselves after `seconds`; the server when its client
// is gone. A pid is -1 where that failed.
Processes start(const Conversation& conversation, double seconds);

}  // namespace demo
