namespace Orchestrator.Runtime.Datasets.Queries;

/// <summary>Why a database gave no rows, in plain words that hold nothing of its connection string.</summary>
/// <param name="IsAway">Another attempt may help.</param>
internal sealed record SourceFault(string Code, string Text, string Allowed, bool IsAway = false);

/// <summary>A read of a database ended without its rows.</summary>
internal sealed class SourceFaultException(SourceFault fault) : Exception(fault.Text)
{
    public SourceFault Fault => fault;
}

/// <summary>A database that rows are read from is away; another attempt may help. The message is a located problem.</summary>
public sealed class SourceAwayException(string message) : Exception(message);
