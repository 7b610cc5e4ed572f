namespace Orchestrator.Runtime.Models;

/// <summary>Rows or parameters that a trainer or scorer cannot use, in the author's words: code, what is wrong, what is allowed.</summary>
public sealed class TrainingException(string code, string text, string? allowed = null)
    : Exception(allowed is null ? $"{code} {text}" : $"{code} {text}; {allowed}")
{
    public string Code { get; } = code;
}
