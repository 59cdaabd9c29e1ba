namespace Stormly.Deploy.Health;

/// <summary>What to do about an instance after a status check.</summary>
internal enum StatusVerdict
{
    /// <summary>Nothing: all is well.</summary>
    Good,

    /// <summary>Nothing yet: it failed, but not often enough.</summary>
    Watch,

    /// <summary>Nothing: the check itself was held up on our side and is repeated.</summary>
    Void,

    /// <summary>Replace it.</summary>
    Replace,
}
