#:project ../../src/DeepNet.Training/DeepNet.Training.csproj
#:project ../Shared/Shared.csproj
#:property PublishAot=false

// The smallest network that is one: "exclusive or", which no single layer can learn. Run: dotnet run samples/scripts/xor.cs

using System.Globalization;
using DeepNet;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Samples;

var line = new CommandLine("xor", "Learns \"exclusive or\" with a loop written out: forward, backward, step.");
var steps = line.Number("--steps", "N", 500, "how many steps to take", least: 1);
var seed = line.Number("--seed", "N", 1, "what the first weights come from", least: 0);
if (!line.Read(args, out int exit)) return exit;

var x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
var y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

Generator.SetSeed((ulong)seed.Value!.Value);
var model = new Sequential(new Linear(2, 8, activation: new Tanh()), new Linear(8, 1));
var optimizer = new Adam(model.Parameters(), learningRate: 0.05);
for (int step = 1; step <= steps.Value!.Value; step++)
{
    optimizer.ZeroGrad();
    var loss = Loss.BceWithLogits(model.Forward(x), y);
    loss.Backward();
    optimizer.Step();
    if (step % 100 == 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step,4}  loss {loss.Item():0.0000}"));
}

model.Eval();
using var noGrad = Autograd.NoGrad();
float[] said = model.Forward(x).Sigmoid().ToArray();
for (int i = 0; i < said.Length; i++)
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture, $"{(int)x[i, 0]} xor {(int)x[i, 1]} = {(int)y[i, 0]}, the network says {said[i]:0.000}"));
return said.Zip(y.ToArray(), (s, t) => Math.Abs(s - t)).Max() < 0.5 ? 0 : 1;
