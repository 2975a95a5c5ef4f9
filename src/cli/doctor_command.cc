#include "cli/command.h"
namespace socktap::cli {
int doctor_command(const std::vector<std::string>&) { return 3; }
}  // namespace socktap::cli
