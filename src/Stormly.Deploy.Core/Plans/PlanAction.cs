namespace Stormly.Deploy.Plans;

/// <summary>What a deploy would do.</summary>
public enum PlanAction
{
    /// <summary>Nothing: this revision is the wanted one already, in this number.</summary>
    Nothing,

    /// <summary>Change the wanted number of instances alone: the revision is the wanted one already.</summary>
    Scale,

    /// <summary>Take over another <c>explain</c>, and touch no instance.</summary>
    Page,

    /// <summary>Go back to a revision that is kept: it comes in as any deploy does, but nothing is stored anew.</summary>
    Return,

    /// <summary>Store a new revision and bring it in, beside the one that serves where there is one.</summary>
    Deploy,

    /// <summary>Be refused before anything is started; the plan's problems say why.</summary>
    Refuse,
}
