using System.Collections.Concurrent;

namespace Orchestrator.Server.Access;

/// <summary>Counts passwords that were wrong, so that nobody tries many: by person and address, by address, and by person from wherever it comes.</summary>
internal sealed class SignInAttempts(TimeProvider clock)
{
    private const int Most = 100_000;

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Person, string Address), Count> _counts = new();

    /// <summary>Counts an attempt before it is looked at; how long to wait where there were too many, null where it may go on.</summary>
    public TimeSpan? Begin(string person, string address)
    {
        var now = clock.GetUtcNow();
        if (_counts.Count > Most)
        {
            Forget(now);
        }

        foreach (var (key, limit) in Limits(person, address))
        {
            var count = _counts.AddOrUpdate(key, _ => new Count(1, now + _window), (_, known) => known.Until <= now ? new Count(1, now + _window) : known with { Attempts = known.Attempts + 1 });
            if (count.Attempts > limit)
            {
                return count.Until - now;
            }
        }

        return null;
    }

    /// <summary>The password was right: the person's own attempts from there are forgotten, and the others are as if this one had not been.</summary>
    public void Succeed(string person, string address)
    {
        foreach (var (key, _) in Limits(person, address).Skip(1))
        {
            if (_counts.TryGetValue(key, out var known))
            {
                _counts.TryUpdate(key, known with { Attempts = known.Attempts - 1 }, known);
            }
        }

        _counts.TryRemove((person, address), out _);
    }

    private static IEnumerable<((string Person, string Address) Key, int Limit)> Limits(string person, string address) =>
        [((person, address), 5), (("", address), 50), ((person, ""), 100)];

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, _) in _counts.Where(one => one.Value.Until <= now))
        {
            _counts.TryRemove(key, out _);
        }
    }

    private sealed record Count(int Attempts, DateTimeOffset Until);
}
