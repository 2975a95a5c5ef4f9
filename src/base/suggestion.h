// What to say to who has named what is not there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socktap {

// "did you mean NAME?", of what is near enough to be meant; else "there are ...", all of it.
std::string suggestion(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace socktap
