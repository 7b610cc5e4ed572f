namespace Orchestrator.Browser.Tests;

/// <summary>What takes the browser minutes, as each canvas starts a runtime of its own, runs where it is asked for.</summary>
public static class Whole
{
    public const string Why = "runs where BROWSER_TESTS=all: it takes the browser minutes";

    public static bool IsAsked => Environment.GetEnvironmentVariable("BROWSER_TESTS") == "all";
}
