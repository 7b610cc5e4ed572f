namespace Orchestrator.Runtime.Keys;

/// <summary>What a key may do. Every key may read; an admin may do everything, and four eyes hold for admins too.</summary>
public enum Role
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Answers label tasks.</summary>
    Labeler,

    /// <summary>Pushes rows and labels into datasets.</summary>
    Pusher,

    /// <summary>Approves and rejects fixes.</summary>
    Approver,

    /// <summary>Measures, looks for new rules, registers versions, asks the gate, and hands in what was repaired by hand.</summary>
    Author,

    /// <summary>Keys, kill switch, parked work, promotion and rollback by hand.</summary>
    Admin,
}
