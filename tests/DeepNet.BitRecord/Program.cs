using DeepNet.BitRecord;

const string Usage = """
    Hashes of the results of every operator, and a comparison of two such records: did a change move any bit?

      dotnet run -c Release --project tests/DeepNet.BitRecord -- record FILE [PREFIX]
          Writes a line "name hash" for each result, by topic: formulas, operators, golden cases, rows, losses, products, convolutions,
          pooling, indexing, random numbers, recurrent layers, attention, optimizers, and 50 steps of six networks. With a prefix, only
          the topics that begin with it.
      dotnet run -c Release --project tests/DeepNet.BitRecord -- compare BEFORE AFTER
          Prints the names whose hashes differ, that are missing and that are new. The exit code is 0 if nothing differs or is missing.

      dotnet run -c Release --project tests/DeepNet.BitRecord -- inlining
          Runs the same cases and prints the loops of kernels into which the JIT did not inline all that it should. The exit code is 0 if
          it did.

    A kernel has a version for each width of vectors, and the environment chooses it when the process starts:
      512 bits   nothing, on a processor with AVX-512
      256 bits   DOTNET_EnableAVX512=0 DOTNET_EnableAVX512F=0 DOTNET_PreferredVectorBitWidth=256
      128 bits   DOTNET_EnableAVX2=0
      none       DOTNET_EnableHWIntrinsic=0
    DEEPNET_THREADS sets the number of threads, on which no result depends. The first line of a record names the width, and records of
    different widths are not compared: sums of more lanes are other sums. All NaNs count as one value.
    """;

return args switch
{
    ["record", var file] => Recording.Write(file, ""),
    ["record", var file, var prefix] => Recording.Write(file, prefix),
    ["inlining"] => Inlining.Print(),
    ["compare", var before, var after] => Comparison.Print(before, after),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine(Usage);
    return 2;
}
