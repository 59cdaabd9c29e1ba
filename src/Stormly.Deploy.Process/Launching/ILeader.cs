namespace Stormly.Deploy.Process.Launching;

/// <summary>The first process of an instance as this host application holds it: started by it, or taken over from an earlier run.</summary>
internal interface ILeader : IDisposable
{
    /// <summary>The process id; also its session and its group.</summary>
    int Pid { get; }

    /// <summary>The exit code, 128 + the signal where one ended it; null where nobody can learn it. Never fails.</summary>
    Task<int?> Ended { get; }

    /// <summary>Completes, and never fails, when it has ended and nobody holds a pipe of its output any more.</summary>
    Task OutputEnded { get; }

    /// <summary>The last lines of its output, printable.</summary>
    /// <returns>The text; empty where it wrote nothing.</returns>
    string ReadOutputTail();

    /// <summary>Lets whoever guards it end what is left, where somebody does. Idempotent.</summary>
    void ReleaseLifeline();

    /// <summary>Lets go of everything that it may still hold, whoever has the other end. Only once it has ended.</summary>
    void Release();

    /// <summary>Stops watching it while it lives on.</summary>
    void LetGo();
}
