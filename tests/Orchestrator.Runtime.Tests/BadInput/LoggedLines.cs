using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Runtime.Tests.BadInput;

/// <summary>Keeps all that is logged, exceptions with their whole text.</summary>
internal sealed class LoggedLines : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> All { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
