using BenchmarkDotNet.Running;
using Stormly.Deploy.Benchmarks;

if (args is ["useragents", var file, ..])
{
    return UserAgentAgreement.Run(file, args.Length > 2 ? int.Parse(args[2], null) : 10);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
