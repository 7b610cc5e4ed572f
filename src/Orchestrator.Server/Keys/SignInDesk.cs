using Orchestrator.Runtime.Keys;
using Orchestrator.Server.Access;

namespace Orchestrator.Server.Keys;

/// <summary>Looks at what people show of themselves: a key, or a name with its password.</summary>
internal sealed class SignInDesk(KeyRing keys, People people, SignInAttempts attempts)
{
    /// <summary>Whether people may sign in with a password.</summary>
    public bool TakesPasswords => people.Passwords is not null;

    public Shown Look(SignIn wish, string address) => wish switch
    {
        { Key: { } text, Name: null, Password: null } => keys.Find(text.Trim()) is { } key
            ? new Shown.Known(Actor.Of(key), Identity.Of(key))
            : new Shown.Refused(403, "This key is not known, or it was revoked.", "The first admin key is in the file admin.key of the workspace; an admin can issue others."),
        { Key: null, Name: { } name, Password: { } password } => LookAtPassword(name.Trim(), password, address),
        _ => new Shown.Refused(400, "This is neither a key nor a name with a password.", "Send {\"key\": …}, or {\"name\": …, \"password\": …}."),
    };

    private Shown LookAtPassword(string name, string password, string address)
    {
        if (people.Passwords is not { } passwords)
        {
            return new Shown.Refused(403, "Nobody signs in with a password here.", "Sign in with a key; sign_in.passwords_file of the operator's file lets people have passwords.");
        }

        if (attempts.Begin(name, address) is { } wait)
        {
            return new Shown.Refused(429, "There were too many wrong passwords.", $"Wait {Math.Ceiling(wait.TotalMinutes)} minutes, then try again.") { After = wait };
        }

        if (passwords.Fault is { } fault)
        {
            return new Shown.Refused(503, $"Passwords cannot be looked at: {fault}.", "Sign in with a key, and look at sign_in.passwords_file of the operator's file.");
        }

        // A person without roles, one without a password and a wrong password look alike, and take as long.
        var fits = Passwords.Fits(passwords.HashOf(name), password.Length <= Passwords.Longest ? password : "");
        if (!fits || people.Named(name) is not { } actor)
        {
            return new Shown.Refused(403, "There is no person of this name with this password.", "Look at both once more; an admin can give you a new password.");
        }

        attempts.Succeed(name, address);
        return new Shown.Known(actor, new Identity(IdentityWay.Password, name, passwords.ProofOf(name) ?? ""));
    }
}

/// <summary>What became of what somebody showed.</summary>
internal abstract record Shown
{
    private Shown()
    {
    }

    public sealed record Known(Actor Actor, Identity Identity) : Shown;

    public sealed record Refused(int Status, string Sentence, string Next) : Shown
    {
        /// <summary>When it may be tried again; null where waiting does not help.</summary>
        public TimeSpan? After { get; init; }
    }
}
