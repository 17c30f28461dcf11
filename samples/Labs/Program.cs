using DeepNet.Labs.Running;

// How training works, each phenomenon as a program with a number and an image: `labs list`, `labs run saddle`, `labs all --out labs`.
using var source = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;      // the running lab ends by itself
    source.Cancel();
};
Console.OutputEncoding = System.Text.Encoding.UTF8;
return Runner.Run(args, Console.Out, Console.Error, isWatched: !Console.IsOutputRedirected, source.Token);
