using DeepNet.Tool;

return DeepNetCommand.Run(args, Console.Out, Console.Error);
