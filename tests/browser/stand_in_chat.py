"""The chat of the stand-in: "show Card {…props}" shows a card; a command sent by a card is said back."""

import json

import chainlit as cl

from assistant.chat.identity import chat_user

SHOWCASE = "DocumentCard RunCard IntakeForm Picker AssetCard Meter Inbox RunList CommandCentre NextSteps"
COMMANDS = [
    {"id": "client", "icon": "building-2", "description": "Choose or create a client"},
    {"id": "intake", "icon": "clipboard-list", "description": "The client's own answers"},
    {"id": "onboard", "icon": "rocket", "description": "Build the canon and the metric schema"},
]


@cl.header_auth_callback
async def local_user(headers: object) -> cl.User:
    return chat_user()


@cl.set_starters
async def starters(user: cl.User | None) -> list[cl.Starter]:
    return [
        cl.Starter(
            label="Try it with a demo client", message="Try it with a demo client", icon="/public/icons/demo.svg"
        ),
        cl.Starter(label="Set up a client", message="Set up a client", icon="/public/icons/client.svg"),
        cl.Starter(label="Write an article", message="Write an article", icon="/public/icons/article.svg"),
        cl.Starter(label="Write an email", message="Write an email", icon="/public/icons/email.svg"),
        cl.Starter(label="What waits for me?", message="What waits for me?", icon="/public/icons/inbox.svg"),
    ]


@cl.on_chat_start
async def start() -> None:
    await cl.context.emitter.set_commands(COMMANDS)  # pyright: ignore


@cl.on_message
async def answer(message: cl.Message) -> None:
    if message.command:
        await cl.Message(f"Command: {message.command}, said: {message.content}", author="CMO").send()
    elif message.content.startswith("show "):
        name, _, props = message.content[5:].partition(" ")
        element = cl.CustomElement(name=name, props=json.loads(props or "{}"), display="inline")
        await cl.Message("Here it is.", author="Planner", elements=[element]).send()
    elif message.content.startswith("open "):
        name, _, props = message.content[5:].partition(" ")
        element = cl.CustomElement(name=name, props=json.loads(props or "{}"), display="side")
        await cl.ElementSidebar.set_elements([element])
        await cl.ElementSidebar.set_title(name)
    else:
        text = (
            "## Good morning\n\nI keep the **client and campaign** in view and decide who works. Tell me what you need."
        )
        await cl.Message(text, author="CMO").send()
