#include "vm/library_cases_test.h"

namespace socktap::vm {

std::vector<Case> time_cases() {
  constexpr std::int64_t second = 1'000'000'000;
  return {
      {{"gettimeofday_ns", {}, case_realtime_offset + case_time}},
      {{"gettimeofday_us", {}, std::int64_t{1'700'000'005'123'456}}},
      {{"gettimeofday_ms", {}, std::int64_t{1'700'000'005'123}}},
      {{"gettimeofday_s", {}, std::int64_t{1'700'000'005}}},
      {{"ktime_get_ns", {}, case_time}},
      {{"get_cycles", {}, case_time}},
      {{"local_clock_ns", {}, case_time}},
      {{"local_clock_us", {}, 5'123'456}},
      {{"local_clock_ms", {}, 5'123}},
      {{"local_clock_s", {}, 5}},
      {{"cpu_clock_ns", {0}, case_time}},
      {{"cpu_clock_us", {0}, 5'123'456}},
      {{"cpu_clock_ms", {1}, 5'123}},
      {{"cpu_clock_s", {1}, 5}},
      {{"HZ", {}, 1000}},
      {{"jiffies", {}, 5'123}},

      {{"ctime", {}, "Tue Nov 14 22:13:25 2023"}},
      {{"ctime", {0}, "Thu Jan  1 00:00:00 1970"}},
      {{"ctime", {std::int64_t{INT32_MAX}}, "Tue Jan 19 03:14:07 2038"}},
      {{"ctime", {std::int64_t{INT32_MIN}}, "Fri Dec 13 20:45:52 1901"}},
      {{"ctime", {-1}, "Wed Dec 31 23:59:59 1969"}},
      {{"ctime", {951782400}, "Tue Feb 29 00:00:00 2000"}},
      {{"ctime", {741476948}, "Wed Jun 30 21:49:08 1993"}},
      {{"ctime",
        {std::int64_t{INT32_MAX} + 1},
        fails("Time too far in the future to be converted")}},
      {{"ctime", {std::int64_t{INT32_MIN} - 1}, fails("Time too far in the past to be converted")}},
      {{"tz_gmtoff", {}, 10800}},
      {{"tz_name", {}, "XYZ"}},
      {{"tz_ctime", {10800}, "Thu Jan  1 00:00:00 1970 XYZ"}},
      {{"tz_ctime", {741476948}, "Wed Jun 30 18:49:08 1993 XYZ"}},
      {{"tz_ctime", {INT64_MAX}, fails("Time too far in the future to be converted")}},
      {{"tz_ctime", {INT64_MIN}, fails("Time too far in the future to be converted")}},

      {{"msecs_to_string", {66'851}, "1m6.851s"}},
      {{"msecs_to_string", {5}, "0m0.005s"}},
      {{"usecs_to_string", {66'000'851}, "1m6.000851s"}},
      {{"nsecs_to_string", {66 * second + 851}, "1m6.000000851s"}},

      {{"start_stopwatch", {"a"}, nothing()},
       {"read_stopwatch_ns", {"a"}, 7, {7, 0}},
       {"read_stopwatch_us", {"a"}, 3'000'000, {3 * second, 0}},
       {"read_stopwatch_ms", {"a"}, 3'000, {3 * second, 0}},
       {"read_stopwatch_s", {"a"}, 3, {3 * second, 0}},
       {"read_stopwatch_s", {"b"}, 0, {3 * second, 0}}},
      {{"start_stopwatch", {"a"}, nothing()},
       {"stop_stopwatch", {"a"}, nothing(), {2 * second, 0}},
       {"stop_stopwatch", {"a"}, nothing(), {3 * second, 0}},
       {"read_stopwatch_s", {"a"}, 2, {9 * second, 0}},
       {"start_stopwatch", {"a"}, nothing(), {10 * second, 0}},
       {"start_stopwatch", {"a"}, nothing(), {11 * second, 0}},
       {"read_stopwatch_s", {"a"}, 7, {15 * second, 0}},
       {"delete_stopwatch", {"a"}, nothing(), {15 * second, 0}},
       {"read_stopwatch_s", {"a"}, 0, {16 * second, 0}}},
  };
}

}  // namespace socktap::vm
