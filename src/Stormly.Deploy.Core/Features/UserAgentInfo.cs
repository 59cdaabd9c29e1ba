namespace Stormly.Deploy.Features;

/// <summary>What a user agent says of itself. Null where it says nothing.</summary>
/// <param name="Browser">The family of the browser, or the name of the program.</param>
/// <param name="BrowserVersion">Its version as written.</param>
/// <param name="System">The operating system.</param>
/// <param name="SystemVersion">Its version, parted by dots.</param>
/// <param name="Device">The kind of device, one of <see cref="DeviceKinds"/>.</param>
internal readonly record struct UserAgentInfo(string? Browser, string? BrowserVersion, string? System, string? SystemVersion, string? Device);
