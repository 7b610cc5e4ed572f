using System.Diagnostics;

namespace Orchestrator.Core.Tests.Architecture.Planted;

/// <summary>Can be set by anybody.</summary>
public sealed class Settable
{
    public int Set { get; set; }

    public int Init { get; init; }

    public int Private { get; private set; }
}

/// <summary>Waits, in a signature that the analyzer lets pass.</summary>
public static class Waits
{
    public static async ValueTask LaterAsync() => await default(ValueTask);
}

/// <summary>Waits inside a generic argument.</summary>
public static class WaitsInside
{
    public static IReadOnlyList<Func<Task<int>>> All { get; } = [];
}

/// <summary>Anybody may add a case.</summary>
public abstract record Open;

/// <summary>Nobody may add a case.</summary>
public abstract record Closed
{
    private Closed()
    {
    }

    public sealed record One(int Value) : Closed;

    public sealed record Two(string Value) : Closed;

    public sealed record Three : Closed;
}

/// <summary>Two functions over <see cref="Closed"/>.</summary>
public static class Functions
{
    public static int Partial(Closed closed) => closed switch
    {
        Closed.One one => one.Value,
        Closed.Three => 3,
        _ => throw new UnreachableException(),
    };

    public static int Total(Closed closed) => closed switch
    {
        Closed.One { Value: > 1 } => 2,
        Closed.One or Closed.Two => 1,
        Closed.Three => 3,
        _ => throw new UnreachableException(),
    };
}
