namespace Orchestrator.Runtime.Storage;

/// <summary>The workspace or its database cannot be used as it is; the message says why and what to do.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
